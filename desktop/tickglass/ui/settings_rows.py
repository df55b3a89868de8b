"""A setting as a row: what it is, the editor, what it means, and the way back to how it was."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ..language import tr
from ..options import Option, Value
from .settings_editors import EDITORS
from .theme import GAP, GAP_LARGE, GAP_SMALL, SMALL, sized

TITLE_WIDTH = 210  # px
EDITOR_WIDTH = 330  # px at most
HEADING_SIZE = 1.1
RESET = "↺"
TALL = ("instruments", "basis")


class OptionRow(QWidget):
    """One setting. ``changed`` says that a person chose another value."""

    changed = Signal(str, object)  # key, Value
    reset_wanted = Signal(str)  # key

    def __init__(self, option: Option) -> None:
        super().__init__()
        self.option = option
        self.editor = EDITORS[option.kind](option)
        self.problem = QLabel()
        self.reset = QToolButton()
        self._words = _words(option)
        self._build()
        self.editor.edited.connect(self._on_edited)
        self.editor.problem_changed.connect(self._say)
        self.reset.clicked.connect(lambda: self.reset_wanted.emit(option.key))
        self.show_value(option.default)

    @property
    def value(self) -> Value:
        """What is chosen."""
        return self.editor.value

    @property
    def is_default(self) -> bool:
        """Whether it is as it was at first."""
        return self.value == self.option.default

    def show_value(self, value: Value) -> None:
        """Show a value that was chosen elsewhere."""
        if not (self.problem.text() == "" and self.editor.value == value):
            self.editor.show_value(value)
        self._show_reset()

    def matches(self, words: list[str], heading: str = "") -> bool:
        """Whether all of these, in small letters, are said by the row or what it stands under."""
        text = f"{self._words} {heading.casefold()}"
        return all(word in text for word in words)

    def _on_edited(self, value: Value) -> None:
        self._show_reset()
        self.changed.emit(self.option.key, value)

    def _show_reset(self) -> None:
        if self.reset.hasFocus() and self.is_default:
            self.editor.setFocus()
        self.reset.setVisible(not self.is_default)

    def _say(self, problem: str) -> None:
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        proxy = self.editor.focusProxy()
        if proxy is not None:
            proxy.setAccessibleDescription(problem or tr(self.option.help))

    def _build(self) -> None:
        help_ = _label(tr(self.option.help))
        help_.setObjectName("muted")
        help_.setFont(sized(help_.font(), SMALL))
        self.problem.setObjectName("warning")
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.setWordWrap(True)
        self.problem.hide()
        self.reset.setText(RESET)
        self.reset.setToolTip(tr("As it was at first"))
        self.reset.setAccessibleName(tr("{title}: as it was at first", title=tr(self.option.title)))
        policy = self.reset.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.reset.setSizePolicy(policy)
        self.editor.setMaximumWidth(EDITOR_WIDTH)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GAP)
        grid.setVerticalSpacing(GAP_SMALL)
        grid.setColumnMinimumWidth(0, TITLE_WIDTH)
        grid.setColumnStretch(1, 1)
        top = Qt.AlignmentFlag.AlignTop
        if self.option.kind == "switch":
            self.editor.setMaximumWidth(TITLE_WIDTH + GAP + EDITOR_WIDTH)
            grid.addWidget(self.editor, 0, 0, 1, 2)
        else:
            title = _label(tr(self.option.title))
            if self.option.kind in TALL:
                title.setContentsMargins(0, GAP_SMALL, 0, 0)
                grid.addWidget(title, 0, 0, top)
            else:
                grid.addWidget(title, 0, 0)
            grid.addWidget(self.editor, 0, 1)
        grid.addWidget(self.reset, 0, 2, top)
        grid.addWidget(self.problem, 1, 0, 1, 2)
        grid.addWidget(help_, 2, 0, 1, 2)


class Section(QFrame):
    """Rows, or something else, under a heading."""

    def __init__(self, heading: str, rows: list[OptionRow]) -> None:
        super().__init__()
        self.setObjectName("card")
        self.heading = heading
        self.rows = rows
        label = _label(heading)
        label.setFont(sized(label.font(), HEADING_SIZE, bold=True))
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(GAP_LARGE, GAP, GAP_LARGE, GAP_LARGE)
        self.column.setSpacing(GAP_LARGE)
        self.column.addWidget(label)
        for row in rows:
            self.column.addWidget(row)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def filter(self, words: list[str]) -> bool:
        """Show the rows that say all of these; whether there is any."""
        found = [row.matches(words, self.heading) for row in self.rows]
        for row, matches in zip(self.rows, found, strict=True):
            row.setVisible(matches)
        return any(found)


def _label(text: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label


def _words(option: Option) -> str:
    """All that is said of a setting, to be searched, also in English as the file has it."""
    said = [option.title, option.help, *(words for _, words in option.choices)]
    told = [*(tr(each) for each in said), *said, option.key, *(each for each, _ in option.choices)]
    return " ".join(told).casefold()
