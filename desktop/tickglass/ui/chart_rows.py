"""Charts in rows, with edges between them that can be dragged; where they were is remembered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QWidget

from .theme import GAP_SMALL

EVEN = 1_000  # of each of several charts that share the room evenly
LARGEST = 100_000  # px of a chart's side, of a size that was kept

Sizes = list[list[int]]  # the rows' heights, then the widths within each row, px


class ChartSizes:
    """The sizes in those layouts in which an edge was dragged; only their proportions count.

    ``layouts``: how many charts each row has, by the layout's name.
    """

    def __init__(self, layouts: Mapping[str, Sequence[int]]) -> None:
        self._layouts = layouts
        self._sizes: dict[str, Sizes] = {}

    def of(self, layout: str) -> Sizes:
        """The sizes in a layout: as they were left, else all the same."""
        return self._sizes.get(layout) or [[EVEN] * count for count in self._shape(layout)]

    def keep(self, layout: str, sizes: Sizes) -> None:
        """Remember the sizes in a layout, unless these cannot be."""
        if self._fit(layout, sizes):
            self._sizes[layout] = sizes

    def save_state(self) -> dict[str, Sizes]:
        """All of them, for ``restore_state``."""
        return dict(self._sizes)

    def restore_state(self, kept: object) -> None:
        """Be as they were; what cannot be used is as if it had not been kept."""
        known = kept if isinstance(kept, Mapping) else {}
        self._sizes = {
            layout: known[layout]
            for layout in self._layouts
            if self._fit(layout, known.get(layout))
        }

    def _shape(self, layout: str) -> list[int]:
        rows = self._layouts[layout]
        return [len(rows), *rows]

    def _fit(self, layout: str, sizes: object) -> bool:
        if not isinstance(sizes, list) or not all(isinstance(each, list) for each in sizes):
            return False
        inside = [size for each in sizes for size in each]
        return [len(each) for each in sizes] == self._shape(layout) and all(
            type(size) is int and 0 < size <= LARGEST for size in inside
        )


class ChartRows(QSplitter):
    """Rows of charts, one below the other; ``layouts`` as for ``ChartSizes``."""

    dragged = Signal()  # an edge stands elsewhere

    def __init__(self, layouts: Mapping[str, Sequence[int]]) -> None:
        super().__init__(Qt.Orientation.Vertical)
        self._layouts = layouts
        self._layout = ""
        self._rows: list[QSplitter] = []
        self.edges = ChartSizes(layouts)
        self._prepare(self)

    def arrange(self, layout: str, charts: Sequence[QWidget]) -> None:
        """Put as many charts as a layout has places into its rows, each as large as it was."""
        left = iter(charts)
        before, self._layout = self._rows, layout
        self._rows = [self._row(left, count) for count in self._layouts[layout]]
        for old in before:
            old.setParent(None)
            old.deleteLater()
        for row in self._rows:
            self.addWidget(row)
        splitters = (self, *self._rows)
        for splitter, sizes in zip(splitters, self.edges.of(layout), strict=True):
            splitter.setSizes(sizes)

    def show_only(self, chart: QWidget | None) -> None:
        """Hide the rows that a chart is not in; None shows all of them."""
        for row in self._rows:
            row.setVisible(chart is None or row.isAncestorOf(chart))

    def _row(self, charts: Iterator[QWidget], count: int) -> QSplitter:
        row = QSplitter(Qt.Orientation.Horizontal)
        self._prepare(row)
        for _ in range(count):
            chart = next(charts)
            row.addWidget(chart)
            chart.setVisible(True)
        return row

    def _prepare(self, splitter: QSplitter) -> None:
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(GAP_SMALL)
        splitter.splitterMoved.connect(self._on_dragged)

    def _on_dragged(self) -> None:
        self.edges.keep(self._layout, [each.sizes() for each in (self, *self._rows)])
        self.dragged.emit()
