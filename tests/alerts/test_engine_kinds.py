"""What is judged by quotes, days, spreads, volumes and silence, and terms that wait.

Each claim is checked against the rule itself, written out over the whole list of events.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tickglass.alerts.alert import Alert, Trigger
from tickglass.alerts.condition import (
    DayChange,
    Kind,
    NoData,
    PriceChannel,
    PriceLevel,
    Source,
    Spread,
    TakerSide,
    VolumeSpike,
)
from tickglass.alerts.engine import AlertEngine
from tickglass.alerts.watch import Fired
from tickglass.market.events import Quote, Ticker, Trade
from tickglass.market.instrument import Instrument

from .reference import Seen, crossing, firings, judge
from .test_engine import BEGIN, BTC, levels, priced, steps, trade

OKX = Instrument("okx", "BTC", "USDT")
EVERY = Trigger.EVERY


def times(found: Sequence[Fired]) -> list[int]:
    return [each.time for each in found]


def becoming_so(so: Sequence[bool]) -> list[int]:
    """The places at which something becomes so."""
    return [place for place, now in enumerate(so) if now and not (place and so[place - 1])]


walks = st.lists(steps, min_size=2, max_size=40).map(
    lambda moves: [100.0 + sum(moves[: place + 1]) for place in range(len(moves))]
)


def moment(place: int) -> int:
    return BEGIN + place * 1_000


# ---------------------------------------------------------------- quotes


@st.composite
def quotes(draw: st.DrawFn) -> list[tuple[float, float, bool]]:
    """Bids and asks, a few of them crossed, and whether the feed was interrupted before."""
    found = []
    for price in draw(walks):
        width = draw(st.sampled_from([0.5, 1.0, 2.0, -0.5]))
        found.append((price, price + width, draw(st.sampled_from([False] * 9 + [True]))))
    return found


@settings(max_examples=200)
@given(priced, st.sampled_from([Source.BID, Source.ASK, Source.MID]), quotes())
def test_on_bid_ask_and_mid_it_fires_exactly_where_the_reference_says(
    condition: object, source: Source, told: list[tuple[float, float, bool]]
) -> None:
    alert = Alert("a", BTC, (replace(condition, source=source),), EVERY)  # type: ignore[type-var]
    engine, found, path, interrupted = AlertEngine([alert]), [], [], True
    for place, (bid, ask, gap) in enumerate(told):
        if gap:
            engine.gap([BTC])
            interrupted = True
        found += engine.apply(Quote(BTC, moment(place), bid, 1.0, ask, 1.0), moment(place))
        if bid < ask:
            price = {Source.BID: bid, Source.ASK: ask, Source.MID: (bid + ask) / 2}[source]
            path.append(Seen(moment(place), price, interrupted))
            interrupted = False
    assert times(found) == firings(alert, path)


# ---------------------------------------------------------------- days, spreads


@settings(max_examples=200)
@given(
    st.sampled_from([Kind.DAY_ABOVE, Kind.DAY_BELOW]),
    st.sampled_from([-2.0, -0.5, 0.0, 1.0, 3.0]),
    walks,
    st.data(),
)
def test_a_change_of_the_day_is_told_whenever_it_becomes_so(
    kind: Kind, percent: float, prices: list[float], data: st.DataObject
) -> None:
    engine = AlertEngine([Alert("a", BTC, (DayChange(kind, percent),), EVERY)])
    found: list[Fired] = []
    so: list[bool] = []
    at: list[int] = []
    opened = None
    for place, price in enumerate(prices):
        time = moment(2 * place)
        found += engine.apply(trade(time, price, place), time)
        tickers = data.draw(st.booleans())
        if opened is not None:
            so.append(is_beyond(kind, percent, price / opened))
            at.append(time)
        if tickers:
            opened = data.draw(st.sampled_from([98.0, 100.0, 101.0]))
            time = moment(2 * place + 1)
            # Its price is older than the trade's, as tickers' are.
            ticker = Ticker(BTC, time, 50.0, None, None, opened, None, None, None, None)
            found += engine.apply(ticker, time)
            so.append(is_beyond(kind, percent, price / opened))
            at.append(time)
    assert times(found) == [at[place] for place in becoming_so(so)]


def is_beyond(kind: Kind, percent: float, ratio: float) -> bool:
    change = (ratio - 1) * 100
    return change > percent if kind is Kind.DAY_ABOVE else change < percent


@settings(max_examples=200)
@given(st.sampled_from([0.7, 1.2, 2.6]), walks, st.data())
def test_a_spread_is_told_whenever_it_becomes_so(
    percent: float, prices: list[float], data: st.DataObject
) -> None:
    engine = AlertEngine([Alert("a", BTC, (Spread("okx", percent),), EVERY)])
    found: list[Fired] = []
    so: list[bool] = []
    at: list[int] = []
    mids: dict[Instrument, float] = {}
    for place, price in enumerate(prices):
        where = data.draw(st.sampled_from([BTC, OKX]))
        if data.draw(st.sampled_from([False] * 9 + [True])):
            engine.gap([where])
            mids.pop(where, None)
        quote = Quote(where, moment(place), price - 0.25, 1.0, price + 0.25, 1.0)
        found += engine.apply(quote, moment(place))
        mids[where] = price
        if len(mids) == 2:
            so.append(abs(mids[BTC] / mids[OKX] - 1) >= percent / 100)
            at.append(moment(place))
    assert times(found) == [at[place] for place in becoming_so(so)]


# ---------------------------------------------------------------- volumes


@st.composite
def taken(draw: st.DrawFn) -> list[tuple[int, float, str]]:
    """Times, sizes and sides of trades."""
    found, time = [], BEGIN
    for _ in range(draw(st.integers(5, 80))):
        time += draw(st.sampled_from([0, 300, 1_000, 2_500, 9_000]))
        size = draw(st.sampled_from([1.0, 2.0, 8.0]))
        found.append((time, size, draw(st.sampled_from(["buy", "sell"]))))
    return found


def spiking(condition: VolumeSpike, trades: Sequence[tuple[int, float, str]], now: int) -> bool:
    """Whether the volume of the last window is so many times its average before.

    Windows are made of tenths; the last ends with that of the newest trade. All of them must lie
    after the tenth in which the first trade came: it may have had more before.
    """
    wanted = [each for each in trades[: now + 1] if condition.side.value in ("any", each[2])]
    if not wanted:
        return False
    tenth = condition.window * 100
    newest, first = wanted[-1][0] // tenth, wanted[0][0] // tenth + 1
    count = 10 * (condition.windows + 1)
    if newest - count + 1 < first:
        return False
    sums = [
        sum(size for time, size, _ in wanted if time // tenth == newest - back)
        for back in range(count)
    ]
    average = sum(sums[10:]) / condition.windows
    return average > 0 and sum(sums[:10]) / average >= condition.times


@settings(max_examples=200)
@given(
    st.builds(
        VolumeSpike, st.sampled_from([1.5, 2.0, 3.0]), st.sampled_from([10, 12]),
        st.integers(1, 3), st.sampled_from(TakerSide),
    ),
    taken(),
)  # fmt: skip
def test_a_volume_spike_is_told_whenever_it_becomes_one(
    condition: VolumeSpike, trades: list[tuple[int, float, str]]
) -> None:
    engine = AlertEngine([Alert("a", BTC, (condition,), EVERY)])
    found: list[Fired] = []
    for place, (time, size, side) in enumerate(trades):
        event = Trade(BTC, time, str(place), 100.0, size, side)  # type: ignore[arg-type]
        found += engine.apply(event, time)
        if place % 7 == 3:
            found += engine.apply(event, time)  # it comes twice and counts once
    so = [spiking(condition, trades, place) for place in range(len(trades))]
    assert times(found) == [trades[place][0] for place in becoming_so(so)]


# ---------------------------------------------------------------- silence


silences = st.lists(
    st.tuples(st.integers(1, 30), st.sampled_from(["trade", "tick", "tick", "gap"])),
    min_size=1, max_size=40,
)  # fmt: skip


@settings(max_examples=200)
@given(silences)
def test_silence_is_told_once_each_time_that_it_is_too_long(events: list[tuple[int, str]]) -> None:
    engine = AlertEngine()
    engine.add(Alert("a", BTC, (NoData(25),), EVERY), BEGIN)
    found: list[Fired] = []
    expected: list[tuple[int, float | None]] = []
    now, heard, told, price = BEGIN, BEGIN, False, None
    for number, (seconds, happens) in enumerate(events):
        now += seconds * 1_000
        if happens == "trade":
            found += engine.apply(trade(now, 100.0, number), now)
            heard, price = now, 100.0
        elif happens == "gap":
            engine.gap([BTC])
        else:
            found += engine.tick(now)
            silent = now - heard >= 25_000
            if silent and not told:
                expected.append((now, price))
            told = silent
    assert [(each.time, each.price) for each in found] == expected


# ---------------------------------------------------------------- terms that wait


@st.composite
def lively(draw: st.DrawFn) -> list[tuple[int, float | None]]:
    """Prices and, in between, ticks of the clock alone (None)."""
    found: list[tuple[int, float | None]] = []
    now, price = BEGIN, 100.0
    for number in range(draw(st.integers(2, 40))):
        now += draw(st.sampled_from([1_000, 2_000, 7_000]))
        if number and draw(st.booleans()):
            found.append((now, None))
        else:
            price = max(50.0, price + draw(steps))
            found.append((now, price))
    return found


def fed(engine: AlertEngine, events: Sequence[tuple[int, float | None]]) -> list[Fired]:
    found: list[Fired] = []
    for number, (now, price) in enumerate(events):
        if price is None:
            found += engine.tick(now)
        else:
            found += engine.apply(trade(now, price, number), now)
    return found


levelled = st.builds(
    PriceLevel, st.sampled_from([Kind.ABOVE, Kind.BELOW, Kind.CROSSES_UP, Kind.CROSSES_DOWN]),
    levels,
) | st.builds(
    lambda kind, low: PriceChannel(kind, low, low + 2),
    st.sampled_from([Kind.ENTERS, Kind.LEAVES, Kind.INSIDE, Kind.OUTSIDE]), levels,
)  # fmt: skip


def waited(
    condition: PriceLevel | PriceChannel,
    events: Sequence[tuple[int, float | None]],
    ripe: Callable[[int, int], bool],
) -> list[int]:
    """Where it is told what was struck, has held since, and is ripe.

    ``ripe`` is given the time of the strike and now.
    """
    path = [Seen(at, price, False) for at, price in events if price is not None]
    if path:
        path[0] = replace(path[0], fresh=True)
    expected: list[int] = []
    since: int | None = None
    place = -1
    for now, price in events:
        if place < 0 and price is None:
            continue
        place += price is not None
        strikes, holds = judge(condition, path, place, [])
        if not holds:
            since = None
        elif price is not None and strikes and since is None:
            since = now
        if since is not None and ripe(since, now):
            expected.append(now)
            since = None
    return expected


@settings(max_examples=300)
@given(levelled, st.sampled_from([3, 8]), lively())
def test_what_must_hold_for_a_time_is_told_when_it_has(
    condition: PriceLevel | PriceChannel, hold: int, events: list[tuple[int, float | None]]
) -> None:
    engine = AlertEngine([Alert("a", BTC, (condition,), EVERY, hold=hold)])
    expected = waited(condition, events, lambda since, now: now - since >= hold * 1_000)
    assert times(fed(engine, events)) == expected


@settings(max_examples=200)
@given(levelled, st.integers(0, 60), lively())
def test_after_its_expiry_nothing_is_told_and_before_everything(
    condition: PriceLevel | PriceChannel, seconds: int, events: list[tuple[int, float | None]]
) -> None:
    alert = Alert("a", BTC, (condition,), EVERY)
    expires = BEGIN + seconds * 1_000
    found = fed(AlertEngine([replace(alert, expires=expires)]), events)
    whole = fed(AlertEngine([alert]), events)
    assert times(found) == [each.time for each in whole if each.time < expires]


@settings(max_examples=200)
@given(levelled, st.integers(0, 60), lively())
def test_what_became_so_while_snoozed_is_told_afterwards_and_what_happened_is_not(
    condition: PriceLevel | PriceChannel, seconds: int, events: list[tuple[int, float | None]]
) -> None:
    snoozed = BEGIN + seconds * 1_000
    found = times(fed(AlertEngine([Alert("a", BTC, (condition,), EVERY, snoozed=snoozed)]), events))
    whole = times(fed(AlertEngine([Alert("a", BTC, (condition,), EVERY)]), events))
    awake = [each for each in whole if each >= snoozed]
    if condition.kind in (Kind.ABOVE, Kind.BELOW, Kind.INSIDE, Kind.OUTSIDE):
        expected = waited(condition, events, lambda since, now: now >= snoozed)
        assert found == expected
        assert set(awake) <= set(found)
    else:
        assert found == awake


@settings(max_examples=300)
@given(
    st.builds(PriceLevel, st.sampled_from([Kind.ABOVE, Kind.CROSSES_UP]), levels),
    st.lists(st.tuples(st.sampled_from([BTC, OKX]), steps), min_size=2, max_size=40),
)
def test_what_a_second_exchange_must_confirm_is_told_when_both_agree(
    condition: PriceLevel, moves: list[tuple[Instrument, float]]
) -> None:
    engine = AlertEngine([Alert("a", BTC, (condition,), EVERY, confirm="okx")])
    found: list[Fired] = []
    expected: list[int] = []
    prices = {BTC: 100.0, OKX: 100.0}
    path: list[Seen] = []
    theirs: float | None = None
    waiting = False
    for place, (where, step) in enumerate(moves):
        prices[where] += step
        now = moment(place)
        found += engine.apply(trade(now, prices[where], place, where), now)
        if where == OKX:
            theirs = prices[OKX]
        else:
            path.append(Seen(now, prices[BTC], not path))
            strikes, holds = judge(condition, path, len(path) - 1, [])
            waiting = holds and (waiting or strikes)
        if waiting and theirs is not None and theirs > condition.value:
            expected.append(now)
            waiting = False
    assert times(found) == expected


# ---------------------------------------------------------------- out of order


@settings(max_examples=300)
@given(
    st.sampled_from([Kind.CROSSES, Kind.CROSSES_UP, Kind.CROSSES_DOWN]),
    st.integers(198, 202).map(lambda half: half / 2),
    st.lists(st.integers(198, 203).map(lambda half: half / 2), min_size=2, max_size=20),
    st.data(),
)
def test_a_crossing_is_told_once_in_whatever_order_the_trades_arrive(
    kind: Kind, level: float, prices: list[float], data: st.DataObject
) -> None:
    condition = PriceLevel(kind, level)
    assume(max(prices) <= min(prices) * 1.03)  # farther prints are doubted, in any other order
    path = [Seen(moment(place), price, place == 0) for place, price in enumerate(prices)]
    # The first comes first: of a time before we listened nothing is told.
    order = [0, *data.draw(st.permutations(range(1, len(path))))]
    engine = AlertEngine([Alert("a", BTC, (condition,))])
    found: list[Fired] = []
    for place in order:
        event = trade(path[place].time, path[place].price, place)
        found += engine.apply(event, moment(len(path)))
    crossed = any(crossing(condition, path, place)[0] for place in range(len(path)))
    assert len(found) == crossed
