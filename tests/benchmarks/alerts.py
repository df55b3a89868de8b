"""What alerts cost an event: 1,000 of every sort on 500 instruments, and none.

The events are those of 3,000 a second: trades, quotes and tickers in turn, over all instruments.
Beside ours a floor: a plain loop that compares each trade with the levels of its instrument and
knows neither gaps nor bad prints nor windows. Best of several rounds, as the machine is shared.
"""

import random
import time
from collections.abc import Callable

from tickglass.alerts.alert import Alert, Trigger
from tickglass.alerts.condition import (
    Condition,
    DayChange,
    Kind,
    Move,
    Moved,
    PriceChannel,
    PriceLevel,
    Source,
    Spread,
    Steps,
    Trail,
    VolumeSpike,
)
from tickglass.alerts.engine import AlertEngine
from tickglass.alerts.signals import SignalEngine
from tickglass.market.events import MarketEvent, Quote, Ticker, Trade
from tickglass.market.instrument import Instrument

INSTRUMENTS, ALERTS = 500, 1_000
RATE = 3_000
EVENTS = 150_000  # 50 s of it
ROUNDS = 3
BEGIN = 1_795_348_800_000
LIMIT = 10.0  # µs an event


def main() -> None:
    """Measure and print."""
    instruments = [
        Instrument("binance" if number % 2 else "okx", f"C{number // 2}", "USDT")
        for number in range(INSTRUMENTS)
    ]
    events = made(instruments)
    none = best(lambda: judged(AlertEngine(), events))
    armed = best(lambda: judged(AlertEngine(rules(instruments)), events))
    levels = best(lambda: judged(AlertEngine(only_levels(instruments)), events))
    bare = best(lambda: floor(instruments, events))
    signals = best(lambda: noticed(instruments, events))
    print(f"{ALERTS} alerts on {INSTRUMENTS} instruments, {RATE} events/s")
    print(f"  none                    {none:6.2f} µs an event")
    print(
        f"  every sort of condition {armed:6.2f} µs, {armed - none:.2f} more ({LIMIT:.0f} at most)"
    )
    print(f"  price levels only       {levels:6.2f} µs, {levels - none:.2f} more")
    print(f"  floor: a bare loop      {bare:6.2f} µs")
    print(f"  signals of all          {signals:6.2f} µs")


def conditions(price: float, number: int) -> Condition:
    """A condition of each sort in turn, about a price."""
    away = price * (1 + 0.002 * (number % 7 - 3 or 1))
    sorts: tuple[Condition, ...] = (
        PriceLevel(Kind.CROSSES, away),
        PriceLevel(Kind.CROSSES_UP, away, Source.MID),
        PriceChannel(Kind.LEAVES, price * 0.995, price * 1.005),
        Move(Kind.MOVES, 3.0, window=300),
        Trail(Kind.TRAILS_HIGH, 2.0),
        Steps(price / 50),
        Moved(2.0),
        DayChange(Kind.DAY_ABOVE, 5.0),
        Spread("okx", 1.0),
        VolumeSpike(5.0, 60, 10),
    )
    return sorts[number % len(sorts)]


def rules(instruments: list[Instrument]) -> list[Alert]:
    """Two alerts an instrument, of every sort."""
    return [
        Alert(str(number), at, (conditions(price_of(at), number),), Trigger.EVERY, cooldown=60)
        for number, at in enumerate(instruments * (ALERTS // INSTRUMENTS))
    ]


def only_levels(instruments: list[Instrument]) -> list[Alert]:
    """Two levels an instrument."""
    return [
        Alert(str(number), at, (PriceLevel(Kind.CROSSES, price_of(at) * 1.002),), Trigger.EVERY)
        for number, at in enumerate(instruments * (ALERTS // INSTRUMENTS))
    ]


def price_of(instrument: Instrument) -> float:
    """Where the price of an instrument begins."""
    return 10.0 + hash(instrument.base) % 1_000


def made(instruments: list[Instrument]) -> list[MarketEvent]:
    """Events in the order of their time: half trades, a third quotes, the rest tickers."""
    chance = random.Random(5)
    prices = {each: price_of(each) for each in instruments}
    events: list[MarketEvent] = []
    for number in range(EVENTS):
        at, moment = chance.choice(instruments), BEGIN + number * 1_000 // RATE
        price = prices[at] = prices[at] * (1 + chance.gauss(0, 0.0004))
        if number % 6 < 3:
            events.append(Trade(at, moment, str(number), price, chance.random(), "buy"))
        elif number % 6 < 5:
            events.append(Quote(at, moment, price * 0.9999, 1.0, price * 1.0001, 1.0))
        else:
            events.append(
                Ticker(at, moment, price, None, None, price_of(at), None, None, None, None)
            )
    return events


def judged(engine: AlertEngine, events: list[MarketEvent]) -> None:
    """Let the engine judge them all."""
    apply = engine.apply
    for number, event in enumerate(events):
        apply(event, BEGIN + number * 1_000 // RATE)


def noticed(instruments: list[Instrument], events: list[MarketEvent]) -> None:
    """Let signals take note of them all."""
    engine = SignalEngine()
    engine.follow(instruments)
    for number, event in enumerate(events):
        engine.apply(event, BEGIN + number * 1_000 // RATE)
        if number % RATE == 0:
            engine.tick(BEGIN + number * 1_000 // RATE)


def floor(instruments: list[Instrument], events: list[MarketEvent]) -> None:
    """Compare every trade with two levels, and nothing else."""
    levels = {each: (price_of(each) * 1.002,) * 2 for each in instruments}
    before: dict[Instrument, float] = {}
    count = 0
    for event in events:
        if event.__class__ is Trade:
            price = event.price  # type: ignore[union-attr]
            last = before.get(event.instrument)
            before[event.instrument] = price
            if last is not None:
                for level in levels[event.instrument]:
                    if last < level <= price or last > level >= price:
                        count += 1


def best(work: Callable[[], None]) -> float:
    """The least that some rounds took, µs an event."""
    taken = []
    for _ in range(ROUNDS):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return min(taken) / EVENTS * 1e6


if __name__ == "__main__":
    main()
