"""The settings window: every setting by group, found by typing, applied at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ..language import mark, tr, trn
from ..options import OPTIONS, Option, Value, exchange_options
from .settings_backups import BackupEntry, BackupsSection, OneFileSection
from .settings_rows import OptionRow, Section
from .theme import GAP, GAP_LARGE

SIZE = (820, 560)  # px, if the screen has room
SHARE_OF_SCREEN = 0.92
GROUPS_WIDTH = 170  # px
LONGEST_SEARCH = 100
EXCHANGES, KEYBOARD, BACKUPS = mark("Exchanges"), mark("Keyboard"), mark("Backups")
KEYS_EXPLAINED = mark("Every action can be called with keys of your choice.")
NOTHING_FOUND = mark("No setting says all of these words.")


class SettingsWindow(QDialog):
    """Values in through ``set_values``; ``changed`` says what a person chose.

    ``titles``: name and title of every exchange, in their order. ``removed`` tells what was reset,
    with a call that takes it back.
    """

    changed = Signal(str, object)  # key, Value
    removed = Signal(str, object)  # text, undo
    restore_wanted = Signal(object)  # Path of a backup
    export_wanted = Signal()
    import_wanted = Signal()
    shortcuts_wanted = Signal()

    def __init__(self, titles: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Settings"))
        self.rows: dict[str, OptionRow] = {}
        self.search = QLineEdit()
        self.groups = QListWidget()
        self.area = QScrollArea()
        self.nothing = QLabel(tr(NOTHING_FOUND))
        self.backups = BackupsSection()
        self.one_file = OneFileSection()
        self.shortcuts = QPushButton(tr("Change keys …"))
        self.reset_all = QPushButton(tr("Reset all"))
        self.shut = QPushButton(tr("Close"))
        self._pages = self._make_pages(titles)
        self._build()
        self._connect()
        self.resize(QSize(*SIZE).boundedTo(self.screen().availableSize() * SHARE_OF_SCREEN))
        self.groups.setCurrentRow(0)
        self.search.setFocus()

    # ------------------------------------------------------------ what to show

    def set_values(self, values: Mapping[str, Value]) -> None:
        """Show values by the keys of their settings; others stay as they are."""
        for key, value in values.items():
            self.set_value(key, value)
        self._show_resets()

    def set_value(self, key: str, value: Value) -> None:
        """Show one value that was chosen elsewhere; a key that is not here is passed over."""
        row = self.rows.get(key)
        if row is not None:
            row.show_value(value)
            self._show_resets()

    def set_backups(self, backups: Sequence[BackupEntry]) -> None:
        """Show the backups there are."""
        self.backups.set_backups(backups)

    def show_group(self, group: str) -> None:
        """Show the page of a group, by its marked English name or an exchange's page."""
        self.search.clear()
        names = list(self._pages)
        if group in names:
            self.groups.setCurrentRow(names.index(group))

    # ------------------------------------------------------------ inside

    def _reset(self, keys: Iterable[str]) -> None:
        """Let settings be as they were at first, and say how to take that back."""
        before = {key: self.rows[key].value for key in keys if not self.rows[key].is_default}
        if not before:
            return
        for key in before:
            self._choose(key, self.rows[key].option.default)

        def undo() -> None:
            for key, value in before.items():
                self._choose(key, value)

        self.removed.emit(
            trn("{count} setting was reset", "{count} settings were reset", len(before)), undo
        )

    def _choose(self, key: str, value: Value) -> None:
        self.rows[key].show_value(value)
        self._show_resets()
        self.changed.emit(key, value)

    def _show_resets(self) -> None:
        self.reset_all.setEnabled(not all(row.is_default for row in self.rows.values()))

    def _on_changed(self, key: str, value: Value) -> None:
        self._show_resets()
        self.changed.emit(key, value)

    def _show_page(self) -> None:
        """Show the chosen group, or whatever says what is searched for."""
        words = self.search.text().casefold().split()
        current = list(self._pages)[max(0, self.groups.currentRow())]
        found = False
        for group, sections in self._pages.items():
            for section in sections:
                matches = section.filter(words) or _is_called(section, words)
                shown = matches if words else group == current
                section.setVisible(shown)
                found = found or shown
        self.nothing.setVisible(not found)
        self.area.verticalScrollBar().setValue(0)

    def _choose_group(self) -> None:
        with QSignalBlocker(self.search):
            self.search.clear()
        self._show_page()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape ends the search first, and Enter closes nothing."""
        if event.key() == Qt.Key.Key_Escape and self.search.text():
            self.search.clear()
        elif event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)

    def _connect(self) -> None:
        self.search.textChanged.connect(self._show_page)
        self.groups.currentRowChanged.connect(self._choose_group)
        self.groups.itemClicked.connect(self._choose_group)
        self.reset_all.clicked.connect(lambda: self._reset(list(self.rows)))
        self.shut.clicked.connect(self.close)
        self.shortcuts.clicked.connect(self.shortcuts_wanted)
        self.backups.restore_wanted.connect(self.restore_wanted)
        self.one_file.export_wanted.connect(self.export_wanted)
        self.one_file.import_wanted.connect(self.import_wanted)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.activated.connect(self.search.setFocus)
        find.activated.connect(self.search.selectAll)

    # ------------------------------------------------------------ building

    def _make_pages(self, titles: Mapping[str, str]) -> dict[str, list[Section]]:
        pages: dict[str, list[Section]] = {}
        for group in dict.fromkeys(option.group for option in OPTIONS):
            options = [option for option in OPTIONS if option.group == group]
            pages[group] = [self._section(tr(group), options)]
        pages[EXCHANGES] = [
            self._section(title, exchange_options(name, title)) for name, title in titles.items()
        ]
        pages[KEYBOARD] = [self._make_keyboard()]
        pages[BACKUPS] = [self.one_file, self.backups]
        return pages

    def _section(self, heading: str, options: Iterable[Option]) -> Section:
        rows = []
        for option in options:
            row = OptionRow(option)
            row.changed.connect(self._on_changed)
            row.reset_wanted.connect(lambda key: self._reset([key]))
            self.rows[option.key] = row
            rows.append(row)
        return Section(heading, rows)

    def _make_keyboard(self) -> Section:
        section = Section(tr(KEYBOARD), [])
        words = QLabel(tr(KEYS_EXPLAINED))
        words.setTextFormat(Qt.TextFormat.PlainText)
        words.setWordWrap(True)
        section.column.addWidget(words)
        section.column.addWidget(self.shortcuts, 0, Qt.AlignmentFlag.AlignLeft)
        return section

    def _build(self) -> None:
        self.search.setPlaceholderText(tr("Search settings"))
        self.search.setAccessibleName(tr("Search settings"))
        self.search.setClearButtonEnabled(True)
        self.search.setMaxLength(LONGEST_SEARCH)
        self.groups.setAccessibleName(tr("Groups of settings"))
        self.groups.setFixedWidth(GROUPS_WIDTH)
        self.groups.ensurePolished()  # or the rows are laid out without their padding
        self.groups.addItems([tr(group) for group in self._pages])
        self.nothing.setTextFormat(Qt.TextFormat.PlainText)
        for button in (self.shortcuts, self.reset_all, self.shut):
            button.setAutoDefault(False)
        middle = QHBoxLayout()
        middle.setSpacing(GAP)
        middle.addWidget(self.groups)
        middle.addWidget(self._build_area(), 1)
        foot = QHBoxLayout()
        foot.addWidget(self.reset_all)
        foot.addStretch(1)
        foot.addWidget(self.shut)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP_LARGE, GAP_LARGE, GAP_LARGE, GAP_LARGE)
        column.setSpacing(GAP)
        column.addWidget(self.search)
        column.addLayout(middle, 1)
        column.addLayout(foot)

    def _build_area(self) -> QScrollArea:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, GAP, 0)
        column.setSpacing(GAP)
        column.addWidget(self.nothing)
        for sections in self._pages.values():
            for section in sections:
                column.addWidget(section)
        column.addStretch(1)
        self.area.setWidget(inner)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        return self.area


def _is_called(section: Section, words: list[str]) -> bool:
    """Whether the heading of what holds no rows says all of these."""
    return not section.rows and all(word in section.heading.casefold() for word in words)
