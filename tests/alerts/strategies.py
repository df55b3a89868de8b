"""Any condition and any alert, for property tests."""

from hypothesis import strategies as st

from tickglass.alerts.alert import Alert, Trigger
from tickglass.alerts.condition import (
    Condition,
    DayChange,
    Direction,
    EmaCross,
    Extreme,
    Kind,
    MacdCross,
    Move,
    Moved,
    NoData,
    PriceChannel,
    PriceLevel,
    RsiLeaves,
    Source,
    Spread,
    Steps,
    TakerSide,
    Trail,
    Unit,
    VolumeSpike,
)
from tickglass.market.instrument import Instrument

LEVELS = (Kind.ABOVE, Kind.BELOW, Kind.CROSSES, Kind.CROSSES_UP, Kind.CROSSES_DOWN)
CHANNELS = (Kind.ENTERS, Kind.LEAVES, Kind.INSIDE, Kind.OUTSIDE)
MOVES = (Kind.MOVES, Kind.MOVES_UP, Kind.MOVES_DOWN)

prices = st.floats(1e-8, 1e8, allow_nan=False)
percents = st.floats(0.01, 99.0)
sources = st.sampled_from(Source)
intervals = st.sampled_from(["1m", "5m", "1h", "4h", "1d"])
directions = st.sampled_from(Direction)
windows = st.integers(10, 86_400)
lengths = st.integers(2, 200)
names = st.text("abcdefghij-0123456789", min_size=1, max_size=12)
pairs = st.builds(
    Instrument,
    st.sampled_from(["binance", "okx", "kucoin"]),
    st.sampled_from(["BTC", "ETH", "PEPE"]),
    st.sampled_from(["USDT", "USD"]),
)

conditions: st.SearchStrategy[Condition] = st.one_of(
    st.builds(PriceLevel, st.sampled_from(LEVELS), prices, sources, intervals),
    st.builds(
        lambda kind, low, width, source: PriceChannel(kind, low, low * (1 + width), source),
        st.sampled_from(CHANNELS), prices, st.floats(0.001, 2.0), sources,
    ),
    st.builds(
        Move, st.sampled_from(MOVES), percents, st.sampled_from(Unit), windows, sources, intervals
    ),
    st.builds(
        DayChange, st.sampled_from([Kind.DAY_ABOVE, Kind.DAY_BELOW]), st.floats(-90.0, 900.0)
    ),
    st.builds(
        Trail, st.sampled_from([Kind.TRAILS_HIGH, Kind.TRAILS_LOW]), percents, sources, intervals
    ),
    st.builds(Steps, prices, sources, intervals),
    st.builds(Moved, percents, st.sampled_from(Unit), sources, intervals),
    st.builds(Spread, st.sampled_from(["okx", "coinbase:BTC/USD"]), percents),
    st.builds(
        VolumeSpike, st.floats(1.1, 100.0), st.integers(10, 3_600), st.integers(1, 100),
        st.sampled_from(TakerSide),
    ),
    st.builds(EmaCross, intervals, directions, st.integers(2, 20), st.integers(21, 100)),
    st.builds(MacdCross, intervals, directions, st.integers(2, 20), st.integers(21, 100), lengths),
    st.builds(RsiLeaves, intervals, directions, lengths),
    st.builds(Extreme, st.sampled_from([Kind.NEW_HIGH, Kind.NEW_LOW]), intervals, lengths),
    st.builds(NoData, windows),
)  # fmt: skip

alerts: st.SearchStrategy[Alert] = st.builds(
    Alert,
    id=names,
    instrument=pairs,
    conditions=st.lists(conditions, min_size=1, max_size=3).map(tuple),
    trigger=st.sampled_from(Trigger),
    fired=st.none() | st.integers(0, 2**45),
    interval=intervals,
    cooldown=st.integers(0, 86_400),
    rearm=st.floats(0.0, 99.0),
    moved=st.floats(0.0, 99.0),
    hold=st.integers(0, 3_600),
    confirm=st.sampled_from(["", "okx", "coinbase:BTC/USD"]),
    expires=st.none() | st.integers(0, 2**45),
    snoozed=st.none() | st.integers(0, 2**45),
    paused=st.booleans(),
    urgent=st.booleans(),
    message=st.text(max_size=40),
    sound=st.sampled_from(["", "none", "up", "down"]),
    send_to=st.lists(names, max_size=2, unique=True).map(tuple),
    since=st.integers(0, 2**45),
)
over_a_list: st.SearchStrategy[Alert] = st.builds(
    lambda id, name, condition: Alert(id, None, (condition,), watchlist=name),
    names, names, conditions,
)  # fmt: skip
