"""The first page: which exchanges, which pairs, and what to do where nothing can be reached."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ..language import mark, tr, trn
from ..market.instrument import Instrument, Listing
from .elided_label import ElidedLabel
from .theme import GAP, GAP_LARGE, GAP_SMALL, sized
from .welcome_parts import MUTED, WARNING, ExchangeRows, PairGrid
from .welcome_values import CHOSEN_AT_FIRST, Offer, Pair, Reachability, nothing_reachable

WIDEST = 1_180  # px: longer lines are hard to follow
TITLE_SIZE = 1.7  # times the system's type size
HEADING_SIZE = 1.1
ABOVE, MIDDLE, BELOW = 1, 10_000, 2  # the middle first takes all that it can use
NAME_WIDTH = 220  # px
LONGEST_NAME = 60
START_KEYS = "Ctrl+Return"
NATIVE = QKeySequence.SequenceFormat.NativeText
FIRST_NAME = mark("Majors")
INTRO = mark(
    "Prices come straight from the exchanges, without an account. Choose where from and which "
    "pairs; everything can be changed later."
)
TROUBLE = mark(
    "None of the exchanges can be reached from here. Is there a network? You can look around with "
    "simulated prices meanwhile."
)


class WelcomePage(QWidget):
    """Signals say what the person wants; methods say what is known of the exchanges.

    ``titles``: name and title of every exchange that is offered, in their order.
    """

    started = Signal(list, list, str)  # exchanges, instruments, name of the list
    demo_wanted = Signal()
    retry_wanted = Signal()
    back_wanted = Signal()

    def __init__(self, titles: Mapping[str, str]) -> None:
        super().__init__()
        self._offer = Offer()
        self._found = {name: Reachability(name, "checking") for name in titles}
        self.exchanges = ExchangeRows(titles)
        self.pairs = PairGrid(titles)
        self.name = QLineEdit(tr(FIRST_NAME))
        self.sum = ElidedLabel()
        self.start = QPushButton(tr("Start"))
        self.back = QPushButton(tr("Back"))
        self.demo = QPushButton(tr("Look around with simulated prices"))
        self.retry = QPushButton(tr("Try again"))
        self.words = QStackedWidget()
        self.area = QScrollArea()
        self._build()
        self._connect()
        self._offer_changed()

    # ------------------------------------------------------------ what to show

    def set_reachability(self, exchange: str, found: Reachability) -> None:
        """Say how an exchange answers."""
        self._found[exchange] = found
        self.exchanges.show_answer(found)
        self._judge()

    def set_listings(self, listings: Iterable[Listing]) -> None:
        """All that is known of what the exchanges list."""
        self._offer = Offer(listings)
        self._offer_changed()

    def ask_again(self) -> None:
        """Nothing is known any more: the exchanges are being asked."""
        for name in self._found:
            self.set_reachability(name, Reachability(name, "checking"))

    def choose(
        self, exchanges: Collection[str], pairs: Collection[Pair] = CHOSEN_AT_FIRST, name: str = ""
    ) -> None:
        """Show a choice made before."""
        self.exchanges.choose(exchanges)
        for pair, tile in self.pairs.tiles.items():
            tile.box.setChecked(pair in pairs)
        self.name.setText(name or tr(FIRST_NAME))

    def set_returnable(self, returnable: bool) -> None:
        """Whether there is a window to go back to."""
        self.back.setVisible(returnable)

    @property
    def instruments(self) -> list[Instrument]:
        """What the list would hold."""
        return self._offer.instruments(self.pairs.chosen, self.exchanges.chosen)

    # ------------------------------------------------------------ inside

    def _begin(self) -> None:
        if self.start.isEnabled():
            name = self.name.text().strip() or tr(FIRST_NAME)
            self.started.emit(self.exchanges.chosen, self.instruments, name)

    def _offer_changed(self) -> None:
        chosen, instruments = self.exchanges.chosen, self.instruments
        self.pairs.show_offer(self._offer, chosen)
        self.start.setEnabled(bool(chosen))
        if not chosen:
            self.sum.setText(tr("Choose at least one exchange."))
            return
        count = len({each.exchange for each in instruments})
        on = trn("{count} exchange", "{count} exchanges", count)
        self.sum.setText(
            trn("{count} price on {exchanges}", "{count} prices on {exchanges}",
                len(instruments), exchanges=on)
            if instruments
            else tr("An empty list; pairs can be searched for later.")
        )  # fmt: skip

    def _judge(self) -> None:
        """Where nothing can be reached, that is what the page says first."""
        self.words.setCurrentIndex(int(nothing_reachable(self._found.values())))

    def _connect(self) -> None:
        self.exchanges.changed.connect(self._offer_changed)
        self.pairs.changed.connect(self._offer_changed)
        self.start.clicked.connect(self._begin)
        self.name.returnPressed.connect(self._begin)
        self.back.clicked.connect(self.back_wanted)
        self.demo.clicked.connect(self.demo_wanted)
        self.retry.clicked.connect(self._ask)
        keys = QShortcut(QKeySequence(START_KEYS), self)
        keys.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        keys.activated.connect(self._begin)
        for box in (
            *self.exchanges.boxes.values(),
            *(each.box for each in self.pairs.tiles.values()),
        ):
            box.installEventFilter(self)

    def _ask(self) -> None:
        self.ask_again()
        self.retry_wanted.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What gets the focus comes into sight."""
        if event.type() == QEvent.Type.FocusIn and isinstance(watched, QWidget):
            self.area.ensureWidgetVisible(watched, GAP, GAP_LARGE * 2)
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The page is no higher than what is on it, so that its foot is never far away."""
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        """Only now everything has its size."""
        super().showEvent(event)
        self._fit()

    def _fit(self) -> None:
        width = min(WIDEST, self.width())
        self.pairs.arrange(width - 2 * GAP_LARGE)
        layout = self._inner.layout()
        if layout is not None:
            layout.activate()
            self.area.setMaximumHeight(layout.totalHeightForWidth(width) + GAP)

    # ------------------------------------------------------------ building

    def _build(self) -> None:
        self._inner = QWidget()
        column = QVBoxLayout(self._inner)
        column.setContentsMargins(GAP_LARGE, GAP_LARGE, GAP_LARGE, GAP)
        column.setSpacing(GAP)
        column.addWidget(_heading(tr("Welcome to Tickglass"), TITLE_SIZE))
        column.addWidget(self._build_words())
        column.addWidget(_heading(tr("Exchanges"), HEADING_SIZE))
        column.addWidget(self.exchanges)
        column.addWidget(_heading(tr("Pairs"), HEADING_SIZE))
        column.addWidget(self.pairs)
        column.addStretch(1)
        self.area.setWidget(_centred(self._inner))
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addStretch(ABOVE)
        whole.addWidget(self.area, MIDDLE)
        whole.addWidget(_centred(self._build_foot()))
        whole.addStretch(BELOW)

    def _build_words(self) -> QWidget:
        """The introduction, or the trouble with its two ways out; both are of the same height."""
        trouble = QWidget()
        row = QHBoxLayout(trouble)
        row.setContentsMargins(0, 0, 0, 0)
        words = _sentence(tr(TROUBLE))
        words.setForegroundRole(WARNING)
        row.addWidget(words, 1)
        row.addWidget(self.retry)
        self.words.addWidget(_sentence(tr(INTRO)))
        self.words.addWidget(trouble)
        return self.words

    def _build_foot(self) -> QWidget:
        foot = QWidget()
        self.name.setMaxLength(LONGEST_NAME)
        self.name.setFixedWidth(NAME_WIDTH)
        label = QLabel(tr("&Name of the list"))
        label.setBuddy(self.name)
        self.sum.setForegroundRole(MUTED)
        self.start.setDefault(True)
        self.start.setToolTip(QKeySequence(START_KEYS).toString(NATIVE))
        self.back.hide()
        row = QHBoxLayout()
        row.setSpacing(GAP)
        row.addWidget(label)
        row.addWidget(self.name)
        row.addWidget(self.sum, 1)
        for button in (self.demo, self.back, self.start):
            row.addWidget(button)
        column = QVBoxLayout(foot)
        column.setContentsMargins(GAP_LARGE, GAP_SMALL, GAP_LARGE, GAP)
        column.addLayout(row)
        return foot


def _heading(text: str, factor: float) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setFont(sized(label.font(), factor, bold=True))
    return label


def _sentence(text: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label


def _centred(inner: QWidget) -> QWidget:
    """In the middle of a page that may be wider than what can be read well."""
    inner.setMaximumWidth(WIDEST)
    outer = QWidget()
    row = QHBoxLayout(outer)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(inner, 1)
    return outer
