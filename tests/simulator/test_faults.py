"""Faults are read from their specs, and anything else is refused with a sentence."""

import pytest

from tickglass.errors import UsageError
from tickglass.simulator.faults import Faults


def test_every_fault_is_read() -> None:
    specs = ["drop=20", "stall=1.5", "gap=0.25", "garbage=1", "refuse=451", "slow=80"]
    assert Faults.parse(specs) == Faults(20, 1.5, 0.25, 1.0, 451, 80)


def test_no_spec_is_no_fault() -> None:
    assert Faults.parse([]) == Faults(0, 0, 0, 0, 0, 0)


def test_the_last_of_a_name_counts() -> None:
    assert Faults.parse(["drop=1", "drop=2"]).drop == 2


@pytest.mark.parametrize(
    "spec",
    [
        "", "drop", "drop=", "drop=soon", "drop=-1", "drop=0", "drop=nan", "drop=inf", "gap=1.1",
        "gap=-0.1", "garbage=2", "refuse=200", "refuse=4.5", "slow=-1", "fly=1", "Drop=1", "=1",
    ],
)  # fmt: skip
def test_anything_else_is_refused_in_one_sentence(spec: str) -> None:
    with pytest.raises(UsageError) as raised:
        Faults.parse([spec])
    sentence = raised.value.sentence
    assert sentence.endswith(".")
    assert sentence.count(". ") == 0
    assert spec.partition("=")[0] in sentence
