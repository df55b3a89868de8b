"""The page of dated backups, and of everything as one file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QDateTime, QLocale, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QPushButton

from ..language import mark, tr
from .settings_rows import Section
from .theme import GAP

LIST_ROWS = 8
PATH_ROLE = Qt.ItemDataRole.UserRole
SHORT = QLocale.FormatType.ShortFormat
KINDS = {
    "day": mark("{day}: settings as that day began"),
    "moment": mark("{moment}: settings that others took the place of"),
    "bundle": mark("{moment}: everything, before an import"),
}
NONE_YET = mark("There are no backups yet: one is made before the first change of a day.")
EXPLAINED = mark(
    "What is in use now is kept when a backup takes its place, so there is always a way back."
)
ONE_FILE = mark(
    "Settings, watchlists, alerts, layouts and drawings as one file, for another computer or to "
    "keep. Names and passwords in addresses are left out."
)


class BackupEntry(Protocol):
    """A backup as the list shows it; ``kind`` is one of KINDS, ``made`` local time."""

    @property
    def path(self) -> Path:
        """Which it is."""

    @property
    def kind(self) -> str:
        """What it holds."""

    @property
    def made(self) -> datetime:
        """When it was made."""


class BackupsSection(Section):
    """A list to choose from and a button."""

    restore_wanted = Signal(object)  # Path

    def __init__(self) -> None:
        super().__init__(tr("Backups"), [])
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Backups"))
        self.restore = QPushButton(tr("Use this backup"))
        self.restore.setAutoDefault(False)
        self.words = _sentence(tr(NONE_YET))
        self.column.addWidget(self.words)
        self.column.addWidget(self.list)
        self.column.addLayout(_row(self.restore))
        rows = LIST_ROWS * (self.list.fontMetrics().lineSpacing() + GAP)
        self.list.setFixedHeight(rows + 2 * self.list.frameWidth())
        self.restore.clicked.connect(self._restore)
        self.list.currentItemChanged.connect(lambda *_: self._show_choice())
        self.set_backups([])

    def set_backups(self, backups: Sequence[BackupEntry]) -> None:
        """Show these, in their order."""
        self.list.clear()
        for backup in backups:
            item = QListWidgetItem(_told(backup))
            item.setData(PATH_ROLE, str(backup.path))
            item.setToolTip(backup.path.name)
            self.list.addItem(item)
        self.words.setText(tr(EXPLAINED) if backups else tr(NONE_YET))
        self.list.setVisible(bool(backups))
        self.restore.setVisible(bool(backups))
        self._show_choice()

    def _show_choice(self) -> None:
        self.restore.setEnabled(self.list.currentItem() is not None)

    def _restore(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self.restore_wanted.emit(Path(item.data(PATH_ROLE)))


class OneFileSection(Section):
    """Everything out and in again."""

    export_wanted = Signal()
    import_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(tr("Everything as one file"), [])
        self.export = QPushButton(tr("Export to a file…"))
        self.take = QPushButton(tr("Import from a file…"))
        for button, says in ((self.export, self.export_wanted), (self.take, self.import_wanted)):
            button.setAutoDefault(False)
            button.clicked.connect(says)
        self.column.addWidget(_sentence(tr(ONE_FILE)))
        self.column.addLayout(_row(self.export, self.take))


def _told(backup: BackupEntry) -> str:
    moment = QDateTime.fromSecsSinceEpoch(int(backup.made.timestamp()))
    locale = QLocale()
    return tr(
        KINDS.get(backup.kind, KINDS["moment"]),
        day=locale.toString(moment.date(), SHORT),
        moment=locale.toString(moment, SHORT),
    )


def _sentence(text: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label


def _row(*buttons: QPushButton) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(GAP)
    for button in buttons:
        row.addWidget(button)
    row.addStretch(1)
    return row
