"""``make bench``: every benchmark, one after the other."""

from . import (
    alerts,
    charts,
    everyday,
    feed_cost,
    memory,
    rows,
    search,
    tickers,
    trades,
    window,
)

if __name__ == "__main__":
    for benchmark in (
        feed_cost,
        trades,
        tickers,
        charts,
        window,
        rows,
        search,
        alerts,
        everyday,
        memory,
    ):
        benchmark.main()
        print(flush=True)
