"""``make bench``: every benchmark, one after the other."""

from . import charts, everyday, feed_cost, memory, tickers, trades, window

if __name__ == "__main__":
    for benchmark in (feed_cost, trades, tickers, charts, window, everyday, memory):
        benchmark.main()
        print(flush=True)
