"""``make bench``: every benchmark, one after the other."""

from . import feed_cost, tickers, trades

if __name__ == "__main__":
    for benchmark in (feed_cost, trades, tickers):
        benchmark.main()
        print(flush=True)
