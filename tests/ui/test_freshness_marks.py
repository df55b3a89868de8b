"""The marks of freshness: told apart by shape alone, at the size of small type."""

import itertools

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter
from PySide6.QtWidgets import QApplication

from tickglass.market.freshness import Freshness
from tickglass.ui.freshness_marks import MARKS, legend, meaning, sentence, word

SIDE = 24  # px
LEAST_DIFFERENCE = 0.35  # of the ink of the heavier of two marks


def ink(mark: str, points: float) -> npt.NDArray[np.float64]:
    """How dark each pixel of a mark is, 0 to 1, in grey and in the middle of its place."""
    picture = QImage(SIDE, SIDE, QImage.Format.Format_Grayscale8)
    picture.fill(QColor("white"))
    font = QFont("DejaVu Sans")
    font.setPointSizeF(points)
    painter = QPainter(picture)
    painter.setFont(font)
    painter.drawText(picture.rect(), Qt.AlignmentFlag.AlignCenter, mark)
    painter.end()
    pixels = np.frombuffer(bytes(picture.constBits()), np.uint8).reshape(SIDE, -1)[:, :SIDE]
    return 1.0 - pixels / 255.0


@pytest.mark.parametrize("points", [8.0, 9.0, 10.0])
@pytest.mark.parametrize(("first", "second"), list(itertools.combinations(Freshness, 2)))
def test_no_two_marks_look_alike_without_colour(
    qapp: QApplication, first: Freshness, second: Freshness, points: float
) -> None:
    one, other = ink(MARKS[first], points), ink(MARKS[second], points)
    heavier = max(one.sum(), other.sum())
    assert heavier > 0
    assert abs(one - other).sum() / heavier > LEAST_DIFFERENCE


def test_every_state_has_one_mark_one_word_and_one_sentence() -> None:
    marks, words, meanings = zip(*legend(), strict=True)
    assert list(words) == ["live", "quiet", "stale", "lost", "never"]
    assert len(set(marks)) == len(set(meanings)) == len(Freshness)
    assert all(text.endswith(".") for text in meanings)
    assert word(Freshness.QUIET) == "quiet"


@pytest.mark.parametrize(
    ("freshness", "age", "text"),
    [
        (Freshness.LIVE, 0.4, "Last heard of just now."),
        (Freshness.QUIET, 12.0, "Last heard of 12 s ago."),
        (Freshness.STALE, 185.0, "Last heard of 3 min ago."),
        (Freshness.LOST, 90_000.0, "Last heard of 1 d ago."),
    ],
)
def test_the_sentence_tells_the_age(freshness: Freshness, age: float, text: str) -> None:
    assert sentence(freshness, age) == f"{meaning(freshness)} {text}"


@pytest.mark.parametrize(
    ("freshness", "age"), [(Freshness.NEVER, 5.0), (Freshness.NEVER, None), (Freshness.LOST, None)]
)
def test_an_age_that_is_not_known_is_left_out(freshness: Freshness, age: float | None) -> None:
    assert sentence(freshness, age) == meaning(freshness)
