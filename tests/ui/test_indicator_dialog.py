"""Asking for the numbers of an indicator."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox, QDoubleSpinBox, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from tickglass.market.indicators import Indicator
from tickglass.ui.indicator_dialog import IndicatorDialog

from .helpers import Heard


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


def dialog_of(parent: QWidget, indicator: Indicator) -> tuple[IndicatorDialog, Heard]:
    dialog, heard = IndicatorDialog(parent, indicator), Heard()
    dialog.made.connect(heard)
    dialog.open()
    return dialog, heard


def test_whole_numbers_stay_whole_and_each_field_keeps_to_its_limits(
    parent: QWidget, qtbot: QtBot
) -> None:
    dialog, heard = dialog_of(parent, Indicator.make("bollinger"))
    length, width = dialog.fields
    assert isinstance(length, QSpinBox)
    assert isinstance(width, QDoubleSpinBox)
    length.setValue(-5)
    width.setValue(2.5)
    qtbot.mouseClick(
        dialog.buttons.button(QDialogButtonBox.StandardButton.Ok), Qt.MouseButton.LeftButton
    )
    ((made,),) = heard.all
    assert made.parameters == (float(length.minimum()), 2.5)


def test_cancelling_makes_none(parent: QWidget, qtbot: QtBot) -> None:
    dialog, heard = dialog_of(parent, Indicator.make("sma"))
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert heard.all == []


def test_every_field_says_what_it_is(parent: QWidget) -> None:
    dialog, _ = dialog_of(parent, Indicator.make("macd"))
    assert all(field.accessibleName() for field in dialog.fields)
