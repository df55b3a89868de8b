"""``make bench``: every benchmark, one after the other."""

from . import feed_cost

if __name__ == "__main__":
    feed_cost.main()
