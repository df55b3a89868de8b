"""The numbers of an indicator."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QSpinBox,
    QWidget,
)

from ..language import tr
from ..market.indicators import KINDS, Indicator, Parameter
from .theme import GAP, GAP_LARGE

DECIMALS = 3
STEP = 0.1


class IndicatorDialog(QDialog):
    """Asks for the parameters of one kind of indicator, each within its limits."""

    made = Signal(object)  # Indicator

    def __init__(self, parent: QWidget, indicator: Indicator) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        kind = KINDS[indicator.kind]
        self.setWindowTitle(tr(kind.title))
        self._kind = indicator.kind
        self.fields = [
            _field(parameter, value)
            for parameter, value in zip(kind.parameters, indicator.parameters, strict=True)
        ]
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        for button in buttons.buttons():
            button.setIcon(QIcon())
        buttons.accepted.connect(self._save)
        buttons.rejected.connect(self.reject)
        form = QFormLayout(self)
        form.setContentsMargins(GAP_LARGE, GAP_LARGE, GAP_LARGE, GAP_LARGE)
        form.setSpacing(GAP)
        for parameter, field in zip(kind.parameters, self.fields, strict=True):
            form.addRow(tr(parameter.title), field)
        form.addRow(buttons)
        self.buttons = buttons

    def _save(self) -> None:
        self.made.emit(Indicator(self._kind, tuple(float(each.value()) for each in self.fields)))
        self.accept()


def _field(parameter: Parameter, value: float) -> QSpinBox | QDoubleSpinBox:
    field: QSpinBox | QDoubleSpinBox
    if parameter.whole:
        field = QSpinBox()
        field.setRange(int(parameter.least), int(parameter.most))
        field.setValue(int(value))
    else:
        field = QDoubleSpinBox()
        field.setDecimals(DECIMALS)
        field.setSingleStep(STEP)
        field.setRange(parameter.least, parameter.most)
        field.setValue(value)
    field.setAccessibleName(tr(parameter.title))
    field.setAlignment(Qt.AlignmentFlag.AlignRight)
    return field
