"""What an alert may be, and what it is doing."""

from dataclasses import replace

import pytest

from tickglass.alerts.alert import LONGEST_WAIT, MOST_CONDITIONS, Alert, State
from tickglass.alerts.condition import Kind, Move, PriceLevel
from tickglass.errors import UsageError
from tickglass.market.instrument import Instrument

BTC, ETH = Instrument("binance", "BTC", "USDT"), Instrument("binance", "ETH", "USDT")
ABOVE = PriceLevel(Kind.ABOVE, 100.0)
ALERT = Alert("a", BTC, (ABOVE,))
NOW = 1_795_348_800_000


@pytest.mark.parametrize(
    "changes",
    [
        {"conditions": ()},
        {"conditions": (ABOVE,) * (MOST_CONDITIONS + 1)},
        {"instrument": None},
        {"watchlist": "Coins"},
        {"cooldown": -1},
        {"hold": LONGEST_WAIT + 1},
        {"rearm": 100.0},
        {"moved": -0.1},
        {"message": "x" * 501},
        {"interval": "7q"},
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(changes: dict[str, object]) -> None:
    with pytest.raises(UsageError) as refused:
        replace(ALERT, **changes)  # type: ignore[arg-type]
    assert refused.value.sentence.endswith(".")


def test_of_all_that_is_true_the_state_says_what_matters_most() -> None:
    everything = replace(ALERT, fired=NOW - 9, expires=NOW - 1, paused=True, snoozed=NOW + 9)
    assert everything.state(NOW, "no data") is State.FIRED
    unfired = replace(everything, fired=None)
    assert unfired.state(NOW, "no data") is State.EXPIRED
    running = replace(unfired, expires=NOW + 1)
    assert running.state(NOW, "no data") is State.PAUSED
    going = replace(running, paused=False)
    assert going.state(NOW, "no data") is State.SNOOZED
    assert going.state(NOW + 9, "no data") is State.EXPIRED
    awake = replace(going, expires=None)
    assert awake.state(NOW + 9, "no data") is State.SUSPENDED
    assert awake.state(NOW + 9) is State.ARMED


def test_it_covers_its_instrument_or_what_its_watchlist_holds_now() -> None:
    assert ALERT.covers(BTC, {})
    assert not ALERT.covers(ETH, {"Coins": frozenset({ETH})})
    of_list = replace(ALERT, instrument=None, watchlist="Coins")
    assert of_list.covers(ETH, {"Coins": frozenset({ETH})})
    assert not of_list.covers(BTC, {"Coins": frozenset({ETH})})
    assert not of_list.covers(ETH, {}), "the list is gone"


def test_armed_anew_it_has_forgotten_what_held_it_back() -> None:
    spent = replace(ALERT, fired=NOW, paused=True, snoozed=NOW + 9, cooldown=60)
    assert not spent.armed
    assert spent.arm(NOW) == replace(ALERT, since=NOW, cooldown=60)
    assert spent.arm(NOW).armed


def test_only_a_price_level_is_a_line_on_the_chart() -> None:
    assert ALERT.level == 100.0
    assert Alert("m", BTC, (Move(Kind.MOVES, 1.0), ABOVE)).level is None
