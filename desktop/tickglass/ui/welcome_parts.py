"""The parts of the first page: exchanges with how they answer, and pairs with where they are."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from ..language import tr
from .elided_label import ElidedLabel
from .text import exchange_title
from .theme import CELL_PADDING, GAP, GAP_SMALL, RADIUS, SMALL, sized
from .welcome_values import (
    CHOSEN_AT_FIRST,
    POPULAR,
    QUOTES,
    REACH_MARKS,
    Offer,
    Pair,
    Reachability,
    reach_text,
)

TILE_WIDTH = 176  # px at least
MOST_COLUMNS = 6
HALF_PIXEL = 0.5  # so that lines of one pixel fall on pixels
STEPS: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
MUTED, WARNING = QPalette.ColorRole.PlaceholderText, QPalette.ColorRole.BrightText


class ExchangeRows(QWidget):
    """A line per exchange: whether it is wanted, and how it answers.

    One that cannot be used is left out until it can, unless a person has decided about it.
    """

    changed = Signal()

    def __init__(self, titles: Mapping[str, str]) -> None:
        super().__init__()
        self.boxes: dict[str, QCheckBox] = {}
        self.answers: dict[str, QLabel] = {}
        self.marks: dict[str, QLabel] = {}
        self._found: dict[str, Reachability] = {}
        self._decided: set[str] = set()  # by a person, whatever they answer
        self._left_out: set[str] = set()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GAP)
        self._grid.setVerticalSpacing(GAP_SMALL)
        self._grid.setColumnStretch(2, 1)
        for exchange in titles:
            self._add(exchange, exchange_title(titles, exchange))

    @property
    def chosen(self) -> list[str]:
        """The exchanges that are wanted, in their order."""
        return [name for name, box in self.boxes.items() if box.isChecked()]

    def choose(self, exchanges: Collection[str]) -> None:
        """Let exactly these be wanted, because a person said so before."""
        for name, box in self.boxes.items():
            self._decide(name)
            box.setChecked(name in exchanges)

    def show_answer(self, found: Reachability) -> None:
        """Say how an exchange answers; one that nobody offered is passed over."""
        if found.exchange in self.boxes:
            self._found[found.exchange] = found
            self._judge(found)
            self._say(found)

    def _judge(self, found: Reachability) -> None:
        """Leave out what cannot be used, and take it in again as soon as it can."""
        name, box = found.exchange, self.boxes[found.exchange]
        if name in self._decided:
            return
        if found.failed and box.isChecked():
            self._left_out.add(name)
            box.setChecked(False)
        elif found.usable and name in self._left_out:
            self._left_out.discard(name)
            box.setChecked(True)

    def _decide(self, name: str) -> None:
        """From now on only a person ticks this one."""
        self._decided.add(name)
        self._left_out.discard(name)
        self._say(self._found[name])

    def _say(self, found: Reachability) -> None:
        name = found.exchange
        words = reach_text(found, left_out=name in self._left_out)
        self.marks[name].setText(REACH_MARKS[found.state])
        self.answers[name].setText(words)
        self.boxes[name].setAccessibleDescription(words)
        for label in (self.marks[name], self.answers[name]):
            label.setForegroundRole(WARNING if found.failed else MUTED)

    def _add(self, exchange: str, title: str) -> None:
        box, mark, answer = QCheckBox(title.replace("&", "&&")), QLabel(), QLabel()
        box.setChecked(True)
        box.toggled.connect(lambda _: self.changed.emit())
        box.clicked.connect(lambda _: self._decide(exchange))
        mark.setFixedWidth(mark.fontMetrics().horizontalAdvance("⚠"))
        answer.setTextFormat(Qt.TextFormat.PlainText)
        answer.setWordWrap(True)
        row = self._grid.rowCount()
        for column, widget in enumerate((box, mark, answer)):
            self._grid.addWidget(widget, row, column)
        self.boxes[exchange], self.marks[exchange], self.answers[exchange] = box, mark, answer
        self.show_answer(Reachability(exchange, "checking"))


class PairTile(QFrame):
    """A pair to choose, and the exchanges that have it."""

    toggled = Signal()
    stepped = Signal(int, int)  # columns, rows

    def __init__(self, pair: Pair) -> None:
        super().__init__()
        self.setObjectName("card")
        self.box = QCheckBox("/".join(pair))
        self.where = ElidedLabel("…")
        self.where.setFont(sized(self.where.font(), SMALL))
        self.where.setForegroundRole(MUTED)
        self.box.toggled.connect(self._on_toggled)
        self.box.installEventFilter(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(CELL_PADDING, GAP_SMALL, CELL_PADDING, GAP_SMALL)
        column.setSpacing(0)
        column.addWidget(self.box)
        column.addWidget(self.where)

    def show_where(self, text: str, hint: str) -> None:
        """Say on which exchanges it is, shortly, and in full."""
        if text != self.where.text():
            self.where.setText(text)
        self.setToolTip(hint)
        self.box.setAccessibleDescription(hint)

    def paintEvent(self, event: QPaintEvent) -> None:
        """What is chosen stands out, and what has the focus has a frame."""
        super().paintEvent(event)
        painter, palette = QPainter(self), self.palette()
        inner = self.rect().adjusted(0, 0, -1, -1)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(HALF_PIXEL, HALF_PIXEL)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.box.isChecked():
            painter.setBrush(palette.color(QPalette.ColorRole.Highlight))
            painter.setPen(palette.color(QPalette.ColorRole.Mid))
        if self.box.hasFocus():
            painter.setPen(palette.color(QPalette.ColorRole.Accent))
        painter.drawRoundedRect(inner, RADIUS, RADIUS)

    def _on_toggled(self) -> None:
        self.update()
        self.toggled.emit()

    def minimumSizeHint(self) -> QSize:
        """The names of many exchanges must not widen the page."""
        return QSize(TILE_WIDTH, super().minimumSizeHint().height())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The whole tile can be clicked."""
        left = event.button() == Qt.MouseButton.LeftButton
        if left and self.rect().contains(event.position().toPoint()):
            self.box.toggle()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows go to the tiles beside it; the box itself would only know the next one."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        step = STEPS.get(event.key())
        if step is not None:
            self.stepped.emit(*step)
        return step is not None


class PairGrid(QWidget):
    """Popular pairs, in as many columns as there is room for."""

    changed = Signal()

    def __init__(self, titles: Mapping[str, str]) -> None:
        super().__init__()
        self._titles = titles
        self._columns = 0
        self.tiles = {pair: PairTile(pair) for pair in POPULAR}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(GAP)
        for place, (pair, tile) in enumerate(self.tiles.items()):
            tile.box.setChecked(pair in CHOSEN_AT_FIRST)
            tile.toggled.connect(self.changed)
            tile.stepped.connect(lambda x, y, place=place: self._step(place, x, y))
        self.arrange(0)

    @property
    def chosen(self) -> list[Pair]:
        """The pairs that are wanted."""
        return [pair for pair, tile in self.tiles.items() if tile.box.isChecked()]

    def show_offer(self, offer: Offer, exchanges: Sequence[str]) -> None:
        """Say of each pair on which of the exchanges it is."""
        unknown = [each for each in exchanges if not offer.knows(each)]
        for pair, tile in self.tiles.items():
            text = ", ".join(self._titles_of(offer.where(pair, exchanges)))
            if unknown:
                tile.show_where(f"{text} …".strip(), self._hint(text, unknown))
            else:
                tile.show_where(text or tr("on none of them"), self._hint(text, unknown))

    def _hint(self, text: str, unknown: Sequence[str]) -> str:
        known = tr("On {exchanges}.", exchanges=text) if text else tr("On none of them.")
        if not unknown:
            return known
        waiting = ", ".join(self._titles_of(unknown))
        rest = tr("What {exchanges} list is not known yet.", exchanges=waiting)
        return tr("{first} {second}", first=known, second=rest) if text else rest

    def _titles_of(self, exchanges: Sequence[str]) -> list[str]:
        return [exchange_title(self._titles, each) for each in exchanges]

    def minimumSizeHint(self) -> QSize:
        """One column is enough."""
        return QSize(TILE_WIDTH, super().minimumSizeHint().height())

    def arrange(self, width: int) -> None:
        """Use as many columns as there is room for, the currencies of a coin beside each other."""
        columns = (width + GAP) // (TILE_WIDTH + GAP)
        columns = max(1, min(MOST_COLUMNS, columns - columns % len(QUOTES) or columns))
        if columns == self._columns:
            return
        self._columns = columns
        for column in range(MOST_COLUMNS):
            self._grid.setColumnStretch(column, int(column < columns))
        for place, tile in enumerate(self.tiles.values()):
            self._grid.addWidget(tile, *divmod(place, columns))

    def _step(self, place: int, columns: int, rows: int) -> None:
        tiles = [*self.tiles.values()]
        place += columns + rows * self._columns
        if 0 <= place < len(tiles):
            tiles[place].box.setFocus(Qt.FocusReason.TabFocusReason)
