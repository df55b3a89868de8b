"""How a list was looked at comes back, and rubbish does not hurt."""

import json

import pytest

from tickglass.ui.watchlist.arranging import Sort
from tickglass.ui.watchlist.columns import Column
from tickglass.ui.watchlist.viewing import Viewing

from .helpers import BTC, ETH


def test_what_was_saved_is_read_again() -> None:
    viewing = Viewing(ETH, Sort(Column.VOLUME, True), [ETH, BTC], ["BTC/USDT"])
    assert Viewing.read(json.loads(json.dumps(viewing.save()))) == viewing
    assert Viewing.read(Viewing().save()) == Viewing()


@pytest.mark.parametrize(
    "kept",
    [
        None, 5, [], {}, {"current": 5}, {"sort": "future", "order": 7, "collapsed": "x"},
        {"order": [1, None, "x"], "collapsed": [1, None], "current": "x", "sort": ["last"]},
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_as_if_it_had_not_been_kept(kept: object) -> None:
    assert Viewing.read(kept) == Viewing()
