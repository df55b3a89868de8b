"""The settings file: read as people write it, written so that nothing of theirs is lost."""

import ast
import os
import tomllib
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import tomlkit
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.alerts.strategies import alerts
from tickglass.alerts.alert import Alert, Trigger
from tickglass.alerts.condition import Kind, PriceLevel
from tickglass.market.instrument import Instrument
from tickglass.paths import Paths
from tickglass.settings import (
    ExchangeSettings,
    Settings,
    SettingsFile,
    Watchlist,
    WindowSettings,
)

BTC = Instrument("binance", "BTC", "USDT")
ETH = Instrument("okx", "ETH", "USDT")
NOON = datetime(2026, 11, 22, 12, 0, 0)

# The example of the contract, letter for letter.
EXAMPLE = """\
version = 1

[exchanges.binance]
enabled = true
# optional: another host (regional, proxy, simulator). Paths are appended by the program.
ws = "wss://data-stream.binance.vision"
rest = "https://data-api.binance.vision"

[[watchlists]]
name = "Majors"
instruments = ["binance:BTC/USDT", "okx:ETH/USDT", "coinbase:BTC/USD"]

[[alerts]]
id = "btc-100k"
instrument = "binance:BTC/USDT"
condition = "crosses_up"
value = 100000
trigger = "once"
"""


def paths(folder: Path) -> Paths:
    return Paths(folder, folder / "data", folder / "cache", folder / "log")


def opened(folder: Path, text: str | None = None, now: datetime = NOON) -> SettingsFile:
    """A settings file, with this text in it if given."""
    if text is not None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "settings.toml").write_text(text, encoding="utf-8")
    return SettingsFile(paths(folder), lambda: now)


def read(folder: Path, text: str) -> tuple[Settings, list[str]]:
    file = opened(folder, text)
    return file.load(), file.notices


def saved(folder: Path, text: str, change: Any = None) -> str:
    """The file's text after it was read, changed and written."""
    file = opened(folder, text)
    chosen = file.load()
    if change is not None:
        change(chosen)
    file.write(file.render(chosen))
    return (folder / "settings.toml").read_text(encoding="utf-8")


# ---------------------------------------------------------------- reading


def test_the_example_of_the_contract_is_read_exactly(tmp_path: Path) -> None:
    chosen, notices = read(tmp_path, EXAMPLE)
    assert notices == []
    assert chosen == Settings(
        exchanges={
            "binance": ExchangeSettings(
                True, "wss://data-stream.binance.vision", "https://data-api.binance.vision"
            )
        },
        watchlists=[Watchlist("Majors", [BTC, ETH, Instrument("coinbase", "BTC", "USD")])],
        alerts=[
            Alert("btc-100k", BTC, (PriceLevel(Kind.CROSSES_UP, 100_000.0),), Trigger.ONCE, None)
        ],
        window=WindowSettings("system", False),
    )


def test_without_a_file_a_person_starts_with_something_to_look_at(tmp_path: Path) -> None:
    file = opened(tmp_path)
    chosen = file.load()
    assert file.notices == []
    assert list(chosen.exchanges) == ["binance", "bybit", "okx", "coinbase", "kucoin"]
    assert BTC in chosen.watchlists[0].instruments
    assert chosen.alerts == []
    assert list(tmp_path.iterdir()) == []


def test_an_empty_file_gives_the_default_exchanges_and_an_empty_watchlist(tmp_path: Path) -> None:
    chosen, notices = read(tmp_path, "")
    assert notices == []
    names = ("binance", "bybit", "okx", "coinbase", "kucoin")
    assert chosen.exchanges == {name: ExchangeSettings() for name in names}
    assert chosen.watchlists == [Watchlist("Majors", [])]


def test_a_byte_order_mark_of_an_editor_does_no_harm(tmp_path: Path) -> None:
    chosen, notices = read(tmp_path, "\ufeff" + EXAMPLE)
    assert notices == []
    assert [each.id for each in chosen.alerts] == ["btc-100k"]


def test_rows_may_be_written_inline(tmp_path: Path) -> None:
    text = (
        'watchlists = [{name = "A", instruments = ["binance:BTC/USDT"], mine = 5}]\n'
        'alerts = [{id = "x", instrument = "okx:ETH/USDT", condition = "crosses", value = 7}]\n'
        "version = 1\n"
    )
    chosen, _ = read(tmp_path, text)
    assert chosen.watchlists == [Watchlist("A", [BTC])]
    assert chosen.alerts == [Alert("x", ETH, (PriceLevel(Kind.CROSSES, 7.0),))]
    written = tomllib.loads(saved(tmp_path, text))
    assert written["version"] == 1
    assert written["watchlists"] == [{"name": "A", "instruments": [str(BTC)], "mine": 5}]
    assert written["alerts"][0]["value"] == 7


def test_an_instrument_named_twice_in_a_list_is_watched_once(tmp_path: Path) -> None:
    text = '[[watchlists]]\nname = "A"\ninstruments = ["okx:ETH/USDT", "OKX:eth/usdt"]\n'
    chosen, notices = read(tmp_path, text)
    assert chosen.watchlists == [Watchlist("A", [ETH])]
    assert notices == []


# ---------------------------------------------------------------- values that cannot be used

GOOD_ALERT = (
    '[[alerts]]\nid = "good"\ninstrument = "okx:ETH/USDT"\ncondition = "crosses"\nvalue = 1'
)


def alert_text(**given: str) -> str:
    values = {
        "id": '"bad"', "instrument": '"binance:BTC/USDT"', "condition": '"crosses"', "value": "5",
    } | given  # fmt: skip
    return "[[alerts]]\n" + "".join(f"{key} = {value}\n" for key, value in values.items() if value)


BAD = [
    ("theme = 5", "[window]\ntheme = 5\n", "window.theme cannot be 5; 'system' is used instead."),
    (
        "theme = pink",
        '[window]\ntheme = "pink"\n',
        "window.theme cannot be 'pink'; it is one of system, light, dark.",
    ),
    (
        "close_to_tray",
        '[window]\nclose_to_tray = "yes"\n',
        "window.close_to_tray cannot be 'yes'; False is used instead.",
    ),
    (
        "enabled",
        '[exchanges.binance]\nenabled = "no"\n',
        "exchanges.binance.enabled cannot be 'no'; True is used instead.",
    ),
    (
        "ws",
        "[exchanges.binance]\nenabled = false\nws = 5\n",
        "exchanges.binance.ws cannot be 5; nothing is used instead.",
    ),
    ("window", "window = 5\n", "window must be written as [window]; it is ignored."),
    ("exchanges", "exchanges = 5\n", "exchanges must be written as [exchanges]; it is ignored."),
    (
        "an exchange",
        "[exchanges]\nbinance = 5\n",
        "exchanges.binance must be written as [exchanges.binance]; it is ignored.",
    ),
    (
        "watchlists",
        '[watchlists]\nname = "A"\ninstruments = ["binance:BTC/USDT"]\n',
        "watchlists must be written as [[watchlists]]; it is ignored.",
    ),
    (
        "rows of alerts",
        "alerts = [5, 6]\n",
        "alerts must be written as [[alerts]]; it is ignored.",
    ),
    (
        "version",
        'version = "one"\n',
        "version cannot be 'one'; 1 is used instead.",
    ),
    (
        "a later version",
        "version = 7\n",
        "The settings are of version 7, newer than this Tickglass knows; "
        "what it does not know is kept.",
    ),
    (
        "instruments",
        '[[watchlists]]\nname = "A"\ninstruments = "binance:BTC/USDT"\n',
        "In the watchlist 'A': instruments must be a list, not 'binance:BTC/USDT'.",
    ),
    (
        "instruments by number",
        '[[watchlists]]\nname = "A"\ninstruments = 5\n',
        "In the watchlist 'A': instruments must be a list, not 5.",
    ),
    (
        "an instrument",
        '[[watchlists]]\nname = "A"\ninstruments = ["BTCUSDT", "okx:ETH/USDT"]\n',
        "In the watchlist 'A': 'BTCUSDT' is not an instrument; write it as exchange:BASE/QUOTE, "
        "for example binance:BTC/USDT.",
    ),
    (
        "an alert's value",
        alert_text(value='"high"'),
        "In the settings, the alert 'bad' cannot be used and is left alone: "
        "value cannot be 'high'.",
    ),
    (
        "an alert's value of 0",
        alert_text(value="0"),
        "In the settings, the alert 'bad' cannot be used and is left alone: 0 is not a price.",
    ),
    (
        "an alert's value without end",
        alert_text(value="inf"),
        "In the settings, the alert 'bad' cannot be used and is left alone: value cannot be inf.",
    ),
    (
        "an alert's value that is none",
        alert_text(value="nan"),
        "In the settings, the alert 'bad' cannot be used and is left alone: value cannot be nan.",
    ),
    (
        "an alert without a value",
        alert_text(value=""),
        "In the settings, the alert 'bad' cannot be used and is left alone: it has no value.",
    ),
    (
        "an alert's condition",
        alert_text(condition='"rises"'),
        "In the settings, the alert 'bad' cannot be used and is left alone: "
        "'rises' is not a condition.",
    ),
    (
        "an alert's trigger",
        alert_text(trigger='"always"'),
        "In the settings, the alert 'bad' cannot be used and is left alone: "
        "trigger cannot be 'always'.",
    ),
    (
        "an alert's firing",
        alert_text(fired='"yesterday"'),
        "In the settings, the alert 'bad' cannot be used and is left alone: "
        "fired cannot be 'yesterday'.",
    ),
    (
        "a second alert of one id",
        alert_text(id='"good"'),
        "In the settings, the alert 'good' cannot be used and is left alone: "
        "another alert has the same id.",
    ),
]
bad_values = pytest.mark.parametrize(
    ("text", "sentence"), [each[1:] for each in BAD], ids=[each[0] for each in BAD]
)


def beside(text: str) -> str:
    """The bad value in a file with a good alert, where there is room for one."""
    if text.startswith("alerts ="):
        return text
    return f"{GOOD_ALERT}\n{text}" if text.startswith("[[alerts]]") else f"{text}\n{GOOD_ALERT}\n"


@bad_values
def test_a_bad_value_gives_one_sentence_and_spoils_nothing_else(
    text: str, sentence: str, tmp_path: Path
) -> None:
    chosen, notices = read(tmp_path, beside(text))
    assert notices == [sentence]
    if "alerts =" not in text:
        assert [each.id for each in chosen.alerts] == ["good"]


def values_of(table: Any) -> set[str]:
    """Every value anywhere in a document, as text."""
    if isinstance(table, dict):
        return {found for value in table.values() for found in values_of(value)}
    if isinstance(table, list):
        return {found for value in table for found in values_of(value)}
    return {repr(table)}


@bad_values
def test_a_bad_value_is_still_in_the_file_after_saving(
    text: str, sentence: str, tmp_path: Path
) -> None:
    before = tomllib.loads(beside(text))
    after = tomllib.loads(saved(tmp_path, beside(text)))
    assert values_of(before) <= values_of(after)
    again = tomllib.loads(saved(tmp_path, (tmp_path / "settings.toml").read_text()))
    assert values_of(before) <= values_of(again)


def test_another_choice_takes_the_place_of_a_bad_value_and_so_does_the_default_after_it(
    tmp_path: Path,
) -> None:
    file = opened(tmp_path, '[window]\ntheme = "pink"\n')
    chosen = file.load()
    chosen.window.theme = "dark"
    assert tomllib.loads(file.render(chosen))["window"]["theme"] == "dark"
    chosen.window.theme = "system"
    assert tomllib.loads(file.render(chosen))["window"]["theme"] == "system"


def test_a_watchlist_that_is_no_array_is_kept_under_another_name_when_its_place_is_needed(
    tmp_path: Path,
) -> None:
    text = '[watchlists]\nname = "A"\ninstruments = ["binance:BTC/USDT"]\n'
    written = tomllib.loads(saved(tmp_path, text))
    assert written["watchlists_unreadable"] == {"name": "A", "instruments": [str(BTC)]}
    assert written["watchlists"] == [{"name": "Majors", "instruments": []}]


def test_a_later_version_stays_in_the_file(tmp_path: Path) -> None:
    assert tomllib.loads(saved(tmp_path, "version = 7\n"))["version"] == 7


def test_unknown_keys_are_reported_and_kept(tmp_path: Path) -> None:
    text = (
        "colour = 1\n[exchanges.binance]\nproxy = 2\n[window]\nfont = 3\n"
        '[[watchlists]]\nname = "A"\nicon = 4\n' + GOOD_ALERT + "\ntune = 5\n[plugins]\nmine = 6\n"
    )
    _, notices = read(tmp_path, text)
    assert notices == [
        f"Unknown in the settings, and left alone: {keys}."
        for keys in (
            "colour, plugins",
            "window.font",
            "exchanges.binance.proxy",
            "watchlists.icon",
            "alerts.tune",
        )
    ]
    written = tomllib.loads(saved(tmp_path, text))
    assert (written["colour"], written["plugins"]) == (1, {"mine": 6})
    assert written["exchanges"]["binance"]["proxy"] == 2
    assert written["window"]["font"] == 3
    assert written["watchlists"][0]["icon"] == 4
    assert written["alerts"][0]["tune"] == 5


# ---------------------------------------------------------------- writing

COMMENTED = """\
# my settings
version = 1

[exchanges.binance] # the big one
enabled = true
[window]
theme = "dark" # easier on the eyes
close_to_tray = false

# the ones I look at
[[watchlists]]
name = "Majors"
instruments = [
    "binance:btc/usdt", # the oldest
    "okx:ETH/USDT",
    "nonsense",
]

[[alerts]]
# for the boat
id = "boat"
instrument = "binance:BTC/USDT"
condition = "crosses_up"
value = 1_000_000 # some day
trigger = "once"

[[alerts]]
id = "broken"
instrument = "binance:BTC/USDT" # never finished
"""


def test_a_file_that_says_what_is_chosen_is_written_back_letter_for_letter(tmp_path: Path) -> None:
    assert saved(tmp_path, COMMENTED) == COMMENTED


def test_a_change_leaves_the_comments_and_what_could_not_be_read(tmp_path: Path) -> None:
    def change(chosen: Settings) -> None:
        chosen.window.theme = "light"
        chosen.watchlists.append(Watchlist("More", [ETH]))
        chosen.alerts[0] = replace(chosen.alerts[0], fired=5)
        chosen.alerts.append(Alert("new", ETH, (PriceLevel(Kind.CROSSES, 0.5),)))

    text = saved(tmp_path, COMMENTED, change)
    comments = [line.partition("#")[2] for line in COMMENTED.splitlines() if "#" in line]
    assert len(comments) == 8
    for comment in comments:
        assert text.count(comment) == 1
    written = tomllib.loads(text)
    assert written["window"]["theme"] == "light"
    assert [each["name"] for each in written["watchlists"]] == ["Majors", "More"]
    assert [each["id"] for each in written["alerts"]] == ["boat", "broken", "new"]
    assert written["alerts"][0]["fired"] == 5


def test_a_changed_watchlist_keeps_the_entries_that_could_not_be_read(tmp_path: Path) -> None:
    def change(chosen: Settings) -> None:
        chosen.watchlists[0].instruments.reverse()

    written = tomllib.loads(saved(tmp_path, COMMENTED, change))
    assert written["watchlists"][0]["instruments"] == [
        "okx:ETH/USDT", "binance:BTC/USDT", "nonsense",
    ]  # fmt: skip


def test_a_removed_alert_is_gone_and_one_that_could_not_be_read_stays(tmp_path: Path) -> None:
    text = saved(tmp_path, COMMENTED, lambda chosen: chosen.alerts.clear())
    assert [each["id"] for each in tomllib.loads(text)["alerts"]] == ["broken"]


def test_an_alert_armed_again_is_armed_in_the_file(tmp_path: Path) -> None:
    def change(chosen: Settings) -> None:
        chosen.alerts = [Alert("good", ETH, (PriceLevel(Kind.CROSSES, 1.0),))]

    assert "fired" not in saved(tmp_path, GOOD_ALERT + "\nfired = 5\n", change)


def test_a_host_taken_back_is_gone_from_the_file(tmp_path: Path) -> None:
    def change(chosen: Settings) -> None:
        chosen.exchanges["binance"] = ExchangeSettings()

    assert tomllib.loads(saved(tmp_path, EXAMPLE, change))["exchanges"] == {
        "binance": {"enabled": True}
    }


def test_watchlists_of_one_name_both_survive(tmp_path: Path) -> None:
    text = "".join(
        f'[[watchlists]]\nname = "A"\ninstruments = ["{each}"]\nmine = {number}\n'
        for number, each in enumerate((BTC, ETH))
    )
    written = tomllib.loads(saved(tmp_path, text))
    assert written["watchlists"] == [
        {"name": "A", "instruments": [str(BTC)], "mine": 0},
        {"name": "A", "instruments": [str(ETH)], "mine": 1},
    ]


def test_a_small_price_keeps_its_digits(tmp_path: Path) -> None:
    def change(chosen: Settings) -> None:
        chosen.alerts.append(Alert("new", ETH, (PriceLevel(Kind.CROSSES, 0.00001235),)))

    text = GOOD_ALERT.replace("value = 1", "value = 0.00001234")
    chosen, _ = read(tmp_path, text)
    assert chosen.alerts[0].level == 0.00001234
    written = saved(tmp_path, text, change)
    assert "value = 0.00001234\n" in written
    assert [each["value"] for each in tomllib.loads(written)["alerts"]] == [0.00001234, 0.00001235]


def test_tables_torn_apart_by_hand_are_read_and_written(tmp_path: Path) -> None:
    text = (
        "[exchanges.binance]\nenabled = false\n"
        "[window]\ntheme = 'dark'\n"
        "[exchanges.okx]\nws = 'a'\n"
    )
    chosen, notices = read(tmp_path, text)
    assert notices == []
    assert chosen.exchanges == {
        "binance": ExchangeSettings(False),
        "okx": ExchangeSettings(True, "a"),
    }

    def change(chosen: Settings) -> None:
        chosen.exchanges["kucoin"] = ExchangeSettings(False)

    written = tomllib.loads(saved(tmp_path, text, change))
    assert set(written["exchanges"]) == {"binance", "okx", "kucoin"}
    assert written["exchanges"]["okx"] == {"enabled": True, "ws": "a"}


symbols = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789币安", min_size=1, max_size=6)
instruments = st.builds(Instrument, st.sampled_from(["binance", "okx", "x-y.z"]), symbols, symbols)
lists = st.builds(Watchlist, st.text(max_size=12), st.lists(instruments, max_size=6, unique=True))
hosts = st.none() | st.text(max_size=20)
choices = st.builds(
    Settings,
    exchanges=st.dictionaries(
        st.sampled_from(["binance", "okx", "kucoin", "a.b", "ü"]),
        st.builds(ExchangeSettings, st.booleans(), hosts, hosts),
        min_size=1,
        max_size=3,
    ),
    watchlists=st.lists(lists, min_size=1, max_size=4),
    alerts=st.lists(alerts, max_size=4, unique_by=lambda alert: alert.id),
    window=st.builds(WindowSettings, st.sampled_from(["system", "light", "dark"]), st.booleans()),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(choices, min_size=1, max_size=2))
def test_whatever_is_chosen_survives_saving_and_loading_also_over_an_older_file(
    chosen: list[Settings],
) -> None:
    exchanges: dict[str, ExchangeSettings] = {}
    with TemporaryDirectory() as folder:
        for each in chosen:
            file = opened(Path(folder))
            file.load()
            file.write(file.render(each))
            again = opened(Path(folder))
            exchanges |= each.exchanges  # an exchange is switched off, never removed
            assert again.load() == Settings(exchanges, each.watchlists, each.alerts, each.window)
            assert again.notices == []


@settings(max_examples=25, deadline=None)
@given(choices, choices)
def test_saving_twice_from_one_start_leaves_what_was_chosen_last(
    first: Settings, second: Settings
) -> None:
    with TemporaryDirectory() as folder:
        file = opened(Path(folder))
        file.load()
        file.write(file.render(first))
        text = file.render(second)
        assert file.render(second) == text
        file.write(text)
        again = opened(Path(folder)).load()
    assert (again.watchlists, again.alerts) == (second.watchlists, second.alerts)


scalars = st.booleans() | st.integers(-5, 5) | st.floats() | st.text(max_size=5)
words = st.sampled_from(["name", "instruments", "id", "value", "condition", "theme", "binance"])
toml_values: st.SearchStrategy[Any] = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=4),
    max_leaves=8,
)
PARTS = ["exchanges", "watchlists", "alerts", "window", "other"]


def is_text(value: str) -> bool:
    """Whether this is how Python writes a text."""
    return value[0] in "'\""


@settings(max_examples=40, deadline=None)
@example({"watchlists": [{"name": [False]}]})
@given(st.dictionaries(st.sampled_from(PARTS), toml_values, max_size=4))
def test_any_toml_at_all_is_read_and_loses_nothing_when_saved(document: dict[str, Any]) -> None:
    with TemporaryDirectory() as folder:
        text = tomlkit.dumps(document)
        written = tomllib.loads(saved(Path(folder), text))
    lost = values_of(tomllib.loads(text)) - values_of(written)
    # Names and ids that are no text are written as text, with all that is in them.
    texts = "\n".join(map(ast.literal_eval, filter(is_text, values_of(written))))
    assert {each for each in lost if each not in texts} == set()


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.binary(max_size=40) | st.text("[]=\"'#.\n{},ab1-:", max_size=40).map(str.encode))
def test_no_bytes_at_all_keep_the_program_from_starting(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "settings.toml"
        path.write_bytes(content)
        file = opened(Path(folder))
        assert file.load().watchlists
        kept = [each.read_bytes() for each in Path(folder).glob("settings*.toml")]
    assert content in kept


# ---------------------------------------------------------------- unreadable files and backups


@pytest.mark.parametrize(
    "content",
    [b"version = ", b"a = 1\na = 2\n", b"\xff\xfe\x00", b"[window]\n[window]\n", b"{}"],
    ids=["half a line", "a key twice", "not text", "a table twice", "json"],
)
def test_an_unreadable_file_is_set_aside_under_a_name_that_says_so(
    content: bytes, tmp_path: Path
) -> None:
    (tmp_path / "settings.toml").write_bytes(content)
    file = opened(tmp_path)
    assert file.load() == Settings.first()
    aside = tmp_path / "settings.unreadable-20261122-120000.toml"
    assert aside.read_bytes() == content
    assert not (tmp_path / "settings.toml").exists()
    (notice,) = file.notices
    assert notice.startswith("The settings could not be read (")
    assert notice.endswith(
        f") and were set aside as {aside.name}; there is no backup, so Tickglass starts afresh."
    )


def test_of_the_backups_the_newest_that_can_be_read_is_used(tmp_path: Path) -> None:
    backups = tmp_path / "backups"
    backups.mkdir()
    for day, text in ((19, ""), (20, EXAMPLE), (21, "version = ")):
        (backups / f"settings-2026-11-{day}.toml").write_text(text)
    file = opened(tmp_path, "oops")
    assert [each.id for each in file.load().alerts] == ["btc-100k"]
    (notice,) = file.notices
    assert notice.endswith("; the backup settings-2026-11-20.toml is used instead.")


def test_a_backup_that_was_used_is_still_used_at_the_next_start(tmp_path: Path) -> None:
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups" / "settings-2026-11-20.toml").write_text(EXAMPLE)
    opened(tmp_path, "oops").load()
    file = opened(tmp_path)  # the program ended without saving
    assert [each.id for each in file.load().alerts] == ["btc-100k"]
    assert file.notices == []


def test_the_first_save_of_a_day_keeps_the_file_before_it(tmp_path: Path) -> None:
    clock = [NOON]
    file = SettingsFile(paths(tmp_path), lambda: clock[0])
    backups = tmp_path / "backups"
    file.write("a = 1\n")
    assert not backups.exists()  # there was nothing to keep
    file.write("a = 2\n")
    file.write("a = 3\n")
    assert [each.name for each in backups.iterdir()] == ["settings-2026-11-22.toml"]
    assert (backups / "settings-2026-11-22.toml").read_text() == "a = 1\n"
    clock[0] += timedelta(days=1)
    file.write("a = 4\n")
    assert (backups / "settings-2026-11-23.toml").read_text() == "a = 3\n"
    assert (tmp_path / "settings.toml").read_text() == "a = 4\n"


def test_ten_backups_are_kept(tmp_path: Path) -> None:
    clock = [NOON]
    file = SettingsFile(paths(tmp_path), lambda: clock[0])
    for number in range(15):
        file.write(f"a = {number}\n")
        clock[0] += timedelta(days=1)
    names = sorted(each.name for each in (tmp_path / "backups").iterdir())
    days = [NOON + timedelta(days=number) for number in range(5, 15)]
    assert names == [f"settings-{day:%Y-%m-%d}.toml" for day in days]


def test_a_failed_save_leaves_the_old_settings_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(handle: int) -> None:
        raise OSError(28, "No space left on device")

    file = opened(tmp_path, EXAMPLE)
    text = file.render(file.load())
    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(OSError, match="No space"):
        file.write(text + "\nmore = 1\n")
    assert (tmp_path / "settings.toml").read_text() == EXAMPLE
