"""The style sheet: what the palette cannot say, first of all what has the keyboard."""

from __future__ import annotations

from PySide6.QtWidgets import QSpinBox

from .resources import arrow_file, resource
from .tokens import (
    ARROW_SIZE,
    CELL_MARGIN,
    CELL_PADDING,
    CHECK_RADIUS,
    CHECK_SIZE,
    FIELD_PADDING,
    FOCUS_WIDTH,
    GAP,
    GAP_LARGE,
    GAP_SMALL,
    ICON_SIZE,
    RADIUS,
    Theme,
)


def style_sheet(theme: Theme) -> str:
    """The few things that the palette cannot say."""
    return "".join(part(theme) for part in (_fields, _ticks, _buttons, _views, _bars, _marks))


def give_room(field: QSpinBox) -> None:
    """Set the number off from the edge: a style sheet's padding does not reach it."""
    field.lineEdit().setTextMargins(GAP, 0, 0, 0)


def _fields(theme: Theme) -> str:
    return f"""
QToolTip {{ color: {theme.text}; background: {theme.raised}; border: 1px solid {theme.border};
    padding: {GAP_SMALL}px; }}
QLineEdit, QComboBox, QAbstractSpinBox {{ background: {theme.panel}; color: {theme.text};
    border: 1px solid {theme.border}; border-radius: {RADIUS}px;
    padding: {FIELD_PADDING}px {GAP}px; selection-background-color: {theme.accent};
    selection-color: {theme.on_accent}; }}
QComboBox:disabled, QAbstractSpinBox:disabled, QLineEdit:disabled {{ color: {theme.dimmed}; }}
QLineEdit:focus, QComboBox:focus, QAbstractSpinBox:focus {{
    {_ring(theme, FIELD_PADDING, GAP)} }}
QComboBox QLineEdit, QAbstractSpinBox QLineEdit {{ border: none; padding: 0; }}
QLabel:focus {{ border: 1px solid {theme.accent}; border-radius: {RADIUS}px; }}
QComboBox::drop-down, QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{
    border: none; width: {ICON_SIZE}px; }}
QComboBox::down-arrow, QAbstractSpinBox::down-arrow {{ image: url("{arrow_file("down")}");
    width: {ARROW_SIZE}px; height: {ARROW_SIZE}px; }}
QAbstractSpinBox::up-arrow {{ image: url("{arrow_file("up")}");
    width: {ARROW_SIZE}px; height: {ARROW_SIZE}px; }}
QCheckBox, QRadioButton {{ border: {FOCUS_WIDTH}px solid transparent; padding: 1px; }}
QCheckBox:focus, QRadioButton:focus {{ border-color: {theme.accent};
    border-radius: {RADIUS}px; }}
QSlider {{ border: {FOCUS_WIDTH}px solid transparent; }}
QSlider:focus {{ border-color: {theme.accent}; border-radius: {RADIUS}px; }}
"""


def _ticks(theme: Theme) -> str:
    check = resource(f"icons/check-{theme.name}.svg").as_posix()
    return f"""
QCheckBox::indicator, QAbstractItemView::indicator {{ width: {CHECK_SIZE}px;
    height: {CHECK_SIZE}px; background: {theme.panel}; border: 1px solid {theme.control};
    border-radius: {CHECK_RADIUS}px; }}
QCheckBox::indicator:hover {{ background: {theme.hover}; }}
QCheckBox::indicator:checked, QAbstractItemView::indicator:checked {{
    background: {theme.accent}; border-color: {theme.accent}; image: url("{check}"); }}
QCheckBox::indicator:disabled {{ border-color: {theme.dimmed}; }}
QCheckBox::indicator:checked:disabled {{ background: {theme.dimmed}; }}
"""


def _buttons(theme: Theme) -> str:
    return f"""
QToolButton, QPushButton {{ background: transparent; border: 1px solid transparent;
    border-radius: {RADIUS}px; padding: {GAP_SMALL}px {GAP}px; color: {theme.text}; }}
QPushButton {{ background: {theme.raised}; border-color: {theme.border};
    padding: {FIELD_PADDING}px {GAP_LARGE}px; }}
QToolButton:hover, QPushButton:hover {{ background: {theme.hover}; border-color: {theme.border}; }}
QToolButton:checked {{ background: {theme.selection}; }}
QToolButton:focus {{ {_ring(theme, GAP_SMALL, GAP)} }}
QPushButton:focus {{ {_ring(theme, FIELD_PADDING, GAP_LARGE)} }}
QPushButton:default {{ background: {theme.accent}; color: {theme.on_accent}; }}
QPushButton:default:focus {{ border-color: {theme.text}; }}
QPushButton:disabled, QToolButton:disabled {{ color: {theme.dimmed}; }}
QPushButton:default:disabled {{ background: {theme.raised}; }}
QToolButton::menu-indicator {{ image: none; }}
"""


def _views(theme: Theme) -> str:
    return f"""
QHeaderView {{ background: {theme.panel}; }}
QHeaderView::section {{ background: {theme.panel}; color: {theme.muted}; border: none;
    border-bottom: 1px solid {theme.border}; padding: {FIELD_PADDING}px {CELL_PADDING}px; }}
QHeaderView:focus {{ border: 1px solid {theme.accent}; }}
QTableView, QTreeView, QListView, QPlainTextEdit, QTextEdit {{ background: {theme.panel};
    border: 1px solid {theme.border}; border-radius: {RADIUS}px; outline: none; }}
QTableView#calm::item {{ padding: 0 {CELL_PADDING}px; }}
QTableView:focus, QTreeView:focus, QListView:focus, QPlainTextEdit:focus, QTextEdit:focus {{
    border-color: {theme.accent}; }}
QPlainTextEdit, QTextEdit {{ selection-background-color: {theme.accent};
    selection-color: {theme.on_accent}; }}
QTreeView::item {{ padding: {GAP_SMALL}px {CELL_PADDING - CELL_MARGIN}px; }}
QTreeView::item:hover {{ background: {theme.hover}; }}
QTreeView::item:selected {{ background: {theme.selection}; color: {theme.text}; }}
QListView::item {{ padding: {GAP_SMALL}px {GAP}px; }}
QListView::item:selected {{ background: {theme.selection}; color: {theme.text}; }}
QComboBox QListView {{ border-radius: 0; }}
"""


def _bars(theme: Theme) -> str:
    return f"""
QTabBar::tab {{ background: transparent; color: {theme.muted};
    border: {FOCUS_WIDTH}px solid transparent; padding: {GAP_SMALL}px {GAP}px; }}
QTabBar::tab:hover {{ background: {theme.hover}; }}
QTabBar::tab:selected {{ color: {theme.text}; border-bottom-color: {theme.accent}; }}
QTabBar::tab:selected:focus {{ border-color: {theme.accent}; border-radius: {RADIUS}px; }}
QSplitter::handle {{ background: {theme.window}; }}
QSplitter::handle:hover, QSplitter::handle:focus {{ background: {theme.accent}; }}
QMenu {{ background: {theme.raised}; border: 1px solid {theme.border}; padding: {GAP_SMALL}px; }}
QMenu::item {{ padding: {FIELD_PADDING}px {3 * GAP}px; border-radius: {RADIUS}px; }}
QMenu::item:selected {{ background: {theme.selection}; }}
QMenu::item:disabled {{ color: {theme.muted}; }}
QMenu::icon {{ padding-left: {GAP_SMALL}px; }}
QMenu::separator {{ height: 1px; background: {theme.border}; margin: {GAP_SMALL}px; }}
QScrollBar:vertical {{ background: transparent; width: 10px; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; }}
QScrollBar::handle {{ background: {theme.border}; border-radius: 4px; min-height: 24px;
    min-width: 24px; margin: 1px; }}
QScrollBar::handle:hover {{ background: {theme.muted}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
"""


def _marks(theme: Theme) -> str:
    return f"""
#notice {{ background: {theme.raised}; border: 1px solid {theme.border};
    border-radius: {RADIUS}px; }}
#card {{ background: {theme.panel}; border: 1px solid {theme.border};
    border-radius: {RADIUS}px; }}
#muted {{ color: {theme.muted}; }}
#warning {{ color: {theme.warning}; }}
"""


def _ring(theme: Theme, above: int, beside: int) -> str:
    """The ring of what has the keyboard; the padding gives what the thicker border takes."""
    more = FOCUS_WIDTH - 1
    return (
        f"border: {FOCUS_WIDTH}px solid {theme.accent}; "
        f"padding: {above - more}px {beside - more}px;"
    )
