"""All actions with their keys, which can be changed here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ..language import mark, tr
from .actions import ActionBook, Entry, is_reserved, keys_text, normal_keys
from .key_field import KeyField
from .search import folded, text_rank, words_of
from .theme import GAP, GAP_LARGE

SIZE = (640, 560)  # px
TITLES = (mark("Action"), mark("Keys"), mark("At first"))
ACTION_COLUMN, KEYS_COLUMN, DEFAULT_COLUMN = range(3)
ENTRY_ROLE = Qt.ItemDataRole.UserRole
CONFLICT = mark("{keys} already calls “{actions}”, which would be left without keys.")
RESERVED_WORDS = mark("{keys} belongs to fields, lists and menus. Choose other keys.")
CHOSEN = mark("“{action}” is called with {keys} now.")
WITHOUT = mark("“{action}” has no keys now.")
FIXED = mark("These keys belong to the view and cannot be changed.")
ALL_RESET = mark("All keys are as they were at first.")
NONE_MATCHES = mark("No action matches “{query}”.")
HOW = mark("Choose an action, press Enter, then the new keys. Backspace takes the keys away.")


class FixedKeys(NamedTuple):
    """Keys of a view that cannot be changed; group and text are marked English."""

    group: str
    text: str
    keys: str


class ShortcutsDialog(QDialog):
    """A list by group, a filter above it, and below it the keys of the chosen action."""

    def __init__(self, parent: QWidget, book: ActionBook, fixed: Iterable[FixedKeys] = ()) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Keyboard shortcuts"))
        self.resize(*SIZE)
        self._book = book
        self._answer: Callable[[], object] | None = None
        self._items: dict[str, QTreeWidgetItem] = {}  # by the name of the action
        self._groups: list[tuple[QTreeWidgetItem, list[QTreeWidgetItem]]] = []
        self._places: dict[str, int] = {}  # of the groups in that list
        self.filter = QLineEdit()
        self.tree = QTreeWidget()
        self.caption = QLabel()
        self.field = KeyField()
        self.reset = QPushButton(tr("Reset"))
        self.sentence = QLabel(tr(HOW))
        self.answer = QPushButton()
        self.reset_all = QPushButton(tr("Reset all"))
        self.close_button = QPushButton(tr("Close"))
        self._build()
        self._fill(fixed)
        self._connect()
        for first in list(self._items.values())[:1]:
            self.tree.setCurrentItem(first)
        self.filter.setFocus()

    # ------------------------------------------------------------ building

    def _build(self) -> None:
        self.filter.setPlaceholderText(tr("Find an action or keys"))
        self.filter.setAccessibleName(tr("Find an action or keys"))
        self.filter.setClearButtonEnabled(True)
        self.field.setAccessibleName(tr("New keys"))
        self.tree.setAccessibleName(tr("Actions and their keys"))
        self.tree.setHeaderLabels([tr(title) for title in TITLES])
        self.tree.setUniformRowHeights(True)
        self.tree.setRootIsDecorated(False)
        self.tree.setItemsExpandable(False)
        header = self.tree.header()
        header.setStretchLastSection(False)
        header.setSectionsMovable(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(ACTION_COLUMN, QHeaderView.ResizeMode.Stretch)
        for label in (self.caption, self.sentence):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.caption.setBuddy(self.field)
        self.sentence.setObjectName("muted")
        self.answer.hide()
        for button in (self.reset, self.answer, self.reset_all, self.close_button):
            button.setAutoDefault(False)  # Enter in the filter must not press one
        self._lay_out()

    def _lay_out(self) -> None:
        edit = _row(self.caption, self.field, self.reset)
        edit.setStretchFactor(self.caption, 1)
        said = _row(self.sentence, self.answer)
        said.setStretchFactor(self.sentence, 1)
        foot = _row(self.reset_all)
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP_LARGE, GAP_LARGE, GAP_LARGE, GAP_LARGE)
        column.setSpacing(GAP)
        column.addWidget(self.filter)
        column.addWidget(self.tree, 1)
        for row in (edit, said, foot):
            column.addLayout(row)

    def _fill(self, fixed: Iterable[FixedKeys]) -> None:
        for entry in self._book:
            item = self._item(entry.group, entry.shown)
            item.setData(ACTION_COLUMN, ENTRY_ROLE, entry.name)
            self._items[entry.name] = item
        for each in fixed:
            item = self._item(each.group, tr(each.text))
            item.setText(KEYS_COLUMN, tr(each.keys))
            item.setForeground(KEYS_COLUMN, self.palette().placeholderText())
            item.setToolTip(KEYS_COLUMN, tr(FIXED))
        self.tree.expandAll()
        self._show_keys()

    def _item(self, group: str, text: str) -> QTreeWidgetItem:
        """A new line of a group, which is made when it is first needed."""
        if group not in self._places:
            self._places[group] = len(self._groups)
            self._groups.append((self._heading(tr(group) if group else tr("Other")), []))
        heading, items = self._groups[self._places[group]]
        items.append(QTreeWidgetItem(heading, [text]))
        return items[-1]

    def _heading(self, text: str) -> QTreeWidgetItem:
        item = QTreeWidgetItem(self.tree, [text])
        item.setFlags(Qt.ItemFlag.ItemIsEnabled)
        item.setFirstColumnSpanned(True)
        font = item.font(ACTION_COLUMN)
        font.setBold(True)
        item.setFont(ACTION_COLUMN, font)
        return item

    def _connect(self) -> None:
        self.filter.textChanged.connect(self._narrow)
        self.tree.currentItemChanged.connect(self._moved)
        self.tree.itemActivated.connect(self._begin)
        self.field.pressed.connect(self.choose)
        self.field.given_up.connect(self._give_up)
        self.reset.clicked.connect(self._reset_one)
        self.reset_all.clicked.connect(self._reset_everything)
        self.answer.clicked.connect(self._take_answer)
        self.close_button.clicked.connect(self.close)
        self._book.shown_keys_changed.connect(self._show_keys)

    # ------------------------------------------------------------ showing

    @property
    def chosen(self) -> Entry | None:
        """The action whose keys are edited."""
        item = self.tree.currentItem()
        name = None if item is None else item.data(ACTION_COLUMN, ENTRY_ROLE)
        return None if name is None else self._book.entry(name)

    def _show_keys(self) -> None:
        """Every action's keys as they are now."""
        for name, item in self._items.items():
            keys, default = self._book.keys(name), self._book.entry(name).default
            item.setText(KEYS_COLUMN, keys_text(keys))
            at_first = "" if keys == default else keys_text(default) or tr("none")
            item.setText(DEFAULT_COLUMN, at_first)
        self._chosen_changed()

    def _moved(self) -> None:
        """Another action was chosen: what was asked about the last is no question any more."""
        self._say(tr(HOW))
        self._chosen_changed()

    def _chosen_changed(self) -> None:
        entry = self.chosen
        self.field.setEnabled(entry is not None)
        self.reset.setEnabled(entry is not None and self._book.keys(entry.name) != entry.default)
        self.caption.setText("" if entry is None else tr("Keys of “{action}”", action=entry.shown))
        self.field.setKeySequence(QKeySequence(self._book.keys(entry.name) if entry else ""))

    def _narrow(self, query: str) -> None:
        """Hide what does not match; choose the first that does."""
        words = words_of(query)
        left = []
        for group, items in self._groups:
            shown = [item for item in items if not words or _matches(words, group, item)]
            for item in items:
                item.setHidden(item not in shown)
            group.setHidden(not shown)
            left += [item for item in shown if item.data(ACTION_COLUMN, ENTRY_ROLE) is not None]
        if left and self.tree.currentItem() not in left:
            self.tree.setCurrentItem(left[0])
        nothing = all(group.isHidden() for group, _ in self._groups)
        self._say(tr(NONE_MATCHES, query=query.strip()) if nothing else tr(HOW))

    def _say(
        self, sentence: str, answer: str = "", call: Callable[[], object] | None = None
    ) -> None:
        """Say something, with one thing that can be done about it."""
        self.sentence.setText(sentence)
        self._answer = call
        self.answer.setText(answer)
        self.answer.setVisible(bool(answer))

    # ------------------------------------------------------------ changing

    def choose(self, keys: str) -> None:
        """Let these keys call the chosen action, or say first whose they are."""
        entry = self.chosen
        if entry is None:
            return
        shown = keys_text(keys)
        rivals = self._book.conflicts(entry.name, keys)
        if normal_keys(keys) is None or is_reserved(keys):
            self._say(tr(RESERVED_WORDS, keys=shown))
        elif rivals:
            names = ", ".join(self._book.entry(name).shown for name in rivals)
            sentence = tr(CONFLICT, keys=shown, actions=names)
            self._say(sentence, tr("Use it here"), lambda: self._take(entry, keys))
            self.answer.setFocus()
        else:
            self._take(entry, keys)
        self._chosen_changed()

    def _take(self, entry: Entry, keys: str) -> None:
        self._book.choose_keys(entry.name, keys)
        words = CHOSEN if keys else WITHOUT
        self._say(tr(words, action=entry.shown, keys=keys_text(keys)))
        self.tree.setFocus()

    def _take_answer(self) -> None:
        call = self._answer
        self._say("")
        if call is not None:
            call()

    def _begin(self, item: QTreeWidgetItem) -> None:
        if item.data(ACTION_COLUMN, ENTRY_ROLE) is not None:
            self.field.setFocus()

    def _give_up(self) -> None:
        self._chosen_changed()
        self.tree.setFocus()

    def _reset_one(self) -> None:
        if self.chosen is not None:
            self.choose(self.chosen.default)

    def _reset_everything(self) -> None:
        before = self._book.chosen_keys
        self._book.choose_all({})
        self._say(tr(ALL_RESET), tr("Undo"), lambda: self._book.choose_all(before))


def _row(*parts: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(GAP)
    for part in parts:
        row.addWidget(part)
    return row


def _matches(words: list[str], group: QTreeWidgetItem, item: QTreeWidgetItem) -> bool:
    texts = (item.text(ACTION_COLUMN), item.text(KEYS_COLUMN), group.text(ACTION_COLUMN))
    return text_rank(words, folded(" ".join(texts))) is not None
