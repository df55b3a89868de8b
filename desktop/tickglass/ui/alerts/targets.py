"""Addresses that alerts are sent to: a phone, a team. They are kept in the system's keyring."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ...language import tr
from ..theme import GAP, GAP_LARGE, GAP_SMALL

EXAMPLES = (
    "ntfys://ntfy.sh/my-topic   tgram://TOKEN/CHAT   discord://ID/TOKEN   slack://…   "
    "mailto://user:password@example.com   json://example.com/hook"
)
LINES_SHOWN = 5
LETTERS = 40


class TargetsDialog(QDialog):
    """``keep_wanted``: name and address; ``forget_wanted`` and ``test_wanted``: a name.

    ``all_wanted``: a name, and whether every alert is to be sent to it.
    """

    keep_wanted = Signal(str, str)
    forget_wanted = Signal(str)
    test_wanted = Signal(str)
    all_wanted = Signal(str, bool)

    def __init__(self, parent: QWidget, names: Sequence[str], of_all: Sequence[str] = ()) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Addresses for alerts"))
        self.names = QListWidget()
        self.names.setAccessibleName(tr("Addresses"))
        self.name, self.address = QLineEdit(), QLineEdit()
        self.keep = QPushButton(tr("Keep it"))
        self.test, self.forget = QPushButton(tr("Send a trial")), QPushButton(tr("Remove"))
        self.said = QLabel()
        self._lay_out()
        self._connect()
        self.set_names(names, of_all)

    def set_names(self, names: Sequence[str], of_all: Sequence[str]) -> None:
        """The names of the addresses that are kept; those that get every alert have a tick."""
        chosen = self._chosen
        self.names.blockSignals(True)
        self.names.clear()
        for name in names:
            item = QListWidgetItem(name, self.names)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if name in of_all else Qt.CheckState.Unchecked)
        if names:
            self.names.setCurrentRow(
                list(names).index(chosen) if chosen in names else len(names) - 1
            )
        self.names.blockSignals(False)
        self._follow()

    def say(self, sentence: str, *, failed: bool = False) -> None:
        """What became of what was asked for; nothing typed is lost if it failed."""
        self.said.setObjectName("warning" if failed else "muted")
        self.said.style().polish(self.said)
        self.said.setText(sentence)
        if not failed:
            self.address.clear()
        self.keep.setEnabled(True)

    def _lay_out(self) -> None:
        help_ = QLabel(
            tr("An address is written as Apprise has it, for example:") + "\n" + EXAMPLES
        )
        help_.setTextFormat(Qt.TextFormat.PlainText)
        help_.setObjectName("muted")
        help_.setWordWrap(True)
        self.said.setTextFormat(Qt.TextFormat.PlainText)
        self.said.setWordWrap(True)
        self.address.setEchoMode(QLineEdit.EchoMode.Password)  # it holds secrets
        for field, title in ((self.name, tr("Name")), (self.address, tr("Address"))):
            field.setAccessibleName(title)
            field.setMinimumWidth(field.fontMetrics().averageCharWidth() * LETTERS)
        rows = self.names.fontMetrics().height() * LINES_SHOWN
        self.names.setMinimumHeight(rows)
        form = QFormLayout()
        form.setSpacing(GAP_SMALL)
        form.addRow(QLabel(tr("Name")), self.name)
        form.addRow(QLabel(tr("Address")), self.address)
        form.addRow("", self.keep)
        for each in (self.test, self.forget):
            each.setAutoDefault(False)
        self.keep.setDefault(True)
        below = QHBoxLayout()
        below.addWidget(self.test)
        below.addWidget(self.forget)
        below.addStretch(1)
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        for button in close.buttons():
            button.setIcon(QIcon())
        close.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP_LARGE, GAP_LARGE, GAP_LARGE, GAP_LARGE)
        column.setSpacing(GAP)
        of_all = QLabel(
            tr("Every alert is sent to those with a tick; each alert can name others as well.")
        )
        of_all.setObjectName("muted")
        of_all.setWordWrap(True)
        column.addWidget(self.names)
        column.addWidget(of_all)
        column.addLayout(below)
        column.addLayout(form)
        column.addWidget(help_)
        column.addWidget(self.said)
        column.addWidget(close)

    def _connect(self) -> None:
        self.names.currentRowChanged.connect(lambda _: self._follow())
        self.names.itemChanged.connect(
            lambda item: self.all_wanted.emit(
                item.text(), item.checkState() is Qt.CheckState.Checked
            )
        )
        self.keep.clicked.connect(self._keep)
        self.test.clicked.connect(lambda: self.test_wanted.emit(self._chosen))
        self.forget.clicked.connect(lambda: self.forget_wanted.emit(self._chosen))

    def _follow(self) -> None:
        for button in (self.test, self.forget):
            button.setEnabled(self.names.currentItem() is not None)

    def _keep(self) -> None:
        name, address = self.name.text().strip(), self.address.text().strip()
        if not name or not address:
            self.say(tr("Write a name and an address."), failed=True)
            return
        self.keep.setEnabled(False)  # the keyring may ask the person something first
        self.keep_wanted.emit(name, address)

    @property
    def _chosen(self) -> str:
        item = self.names.currentItem()
        return "" if item is None else item.text()
