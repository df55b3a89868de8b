"""Areas between lines: the newest step is drawn as it will be among all the others."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tickglass.ui.chart.plots import _columns, _step

PIXELS = st.integers(-50, 2_000).map(float)
HEIGHTS = st.floats(-500.0, 1_500.0)


@given(
    left=PIXELS,
    width=st.integers(1, 60),
    tops=st.tuples(HEIGHTS, HEIGHTS),
    bottoms=st.tuples(HEIGHTS, HEIGHTS),
    defined=st.tuples(st.booleans(), st.booleans()),
)
def test_one_step_drawn_alone_is_what_it_is_among_many(
    left: float,
    width: int,
    tops: tuple[float, float],
    bottoms: tuple[float, float],
    defined: tuple[bool, bool],
) -> None:
    step = (
        np.array([left, left + width]), np.array(tops), np.array(bottoms), np.array(defined),
    )  # fmt: skip
    for alone, among in zip(_step(*step), _columns(*step), strict=True):
        np.testing.assert_allclose(alone, among, atol=1e-6)
