"""2,000 tickers once a second: the share of a core that our feed needs, and how it connects."""

from typing import Any

from .simulated import EXCHANGES, plan, run_client, served

PAIRS = 400  # on each of the five exchanges
RATE = 720  # trades and quotes on each exchange: a ticker changes about once a second
SECONDS = 20
TARGET = 0.15  # of a core


def main() -> None:
    """Measure and print."""
    with served("tests.benchmarks.even_simulator", str(PAIRS), str(RATE)) as addresses:
        what = plan(addresses, EXCHANGES, PAIRS)
        figures = run_client("tests.benchmarks.headless", what, str(SECONDS), "ticker")
    events = sum(figures["events"].values()) / figures["seconds"]
    share = figures["cpu_seconds"] / figures["seconds"]
    print(f"{PAIRS * len(EXCHANGES):,} tickers at {events:,.0f} events/s for {SECONDS} s")
    print(
        f"  {'exchange':10} {'events/s':>8} {'connections':>12} {'tickers on one':>15} {'limit':>6}"
    )
    for name in EXCHANGES:
        print(line(name, figures))
    print(f"  {figures['changed']:,} tickers changed in that time")
    print(f"  {trouble(figures)}")
    met = "met" if share <= TARGET else "missed"
    print(f"  {share:.1%} of a core; target at most {TARGET:.0%}: {met}")


def line(name: str, figures: dict[str, Any]) -> str:
    """An exchange's line of the table."""
    rate = figures["events"][name] / figures["seconds"]
    used = figures["connections"][name]
    return f"  {name:10} {rate:8.0f} {used['count']:12} {used['fullest']:15} {used['limit']:6}"


def trouble(figures: dict[str, Any]) -> str:
    """What the exchanges had to object to."""
    if not figures["trouble"] and not figures["reconnects"]:
        return "no connection was refused or closed, nothing was rejected"
    told = "; ".join(figures["trouble"])
    return f"{figures['reconnects']} connections were dialled again: {told}"


if __name__ == "__main__":
    main()
