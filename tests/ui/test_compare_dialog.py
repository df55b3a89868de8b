"""Choosing an instrument to compare with."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tickglass.market.instrument import Listing
from tickglass.ui.chart_pane import ChartPane
from tickglass.ui.compare_dialog import CompareDialog
from tickglass.ui.theme import DARK

from .helpers import BTC, ETH, SOL, TITLES, Heard


def test_what_is_typed_and_taken_is_compared_and_the_dialog_goes(qtbot: QtBot) -> None:
    pane = ChartPane(DARK, titles=TITLES)
    qtbot.addWidget(pane)
    pane.set_instrument(BTC)
    dialog = CompareDialog(pane, TITLES, [Listing(each, each.base) for each in (BTC, ETH, SOL)])
    heard = Heard()
    dialog.taken.connect(heard)
    dialog.taken.connect(pane.compare)
    dialog.open()
    qtbot.keyClicks(dialog.search, "eth")
    with qtbot.waitSignal(dialog.finished):
        qtbot.keyClick(dialog.search, Qt.Key.Key_Return)
    assert heard.all == [(ETH,)]
    assert pane.look.compared == (ETH,)
