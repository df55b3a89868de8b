"""Named layouts: kept, replaced, removed, put back, and read again."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickglass.ui.layouts import LONGEST_NAME, MOST, Layouts, tidy


def test_a_layout_is_kept_under_its_name_and_is_the_current_one() -> None:
    layouts = Layouts()
    assert layouts.save("  Two   charts\n", {"docks": "x"})
    assert (layouts.names, layouts.current) == (["Two charts"], "Two charts")
    assert layouts.get("Two charts") == {"docks": "x"}


def test_saving_again_replaces_it_in_its_place() -> None:
    layouts = Layouts()
    layouts.save("one", {"docks": "1"})
    layouts.save("two", {"docks": "2"})
    layouts.save("one", {"docks": "3"})
    assert layouts.names == ["one", "two"]
    assert layouts.get("one") == {"docks": "3"}


def test_what_is_removed_can_be_put_back() -> None:
    layouts = Layouts()
    layouts.save("one", {"docks": "1"})
    removed = layouts.remove("one")
    assert (layouts.names, layouts.current, layouts.remove("one")) == ([], "", None)
    assert removed is not None
    layouts.save("one", removed)
    assert layouts.get("one") == {"docks": "1"}


@pytest.mark.parametrize("name", ["", "  ", "\n"])
def test_a_layout_needs_a_name(name: str) -> None:
    assert not Layouts().save(name, {})


def test_there_is_an_end_to_how_many_there_are() -> None:
    layouts = Layouts()
    assert all(layouts.save(str(number), {}) for number in range(MOST))
    assert not layouts.save("one too many", {})
    assert layouts.save("3", {"docks": "replaced"})


def test_what_a_newer_version_wrote_beside_them_is_kept() -> None:
    layouts = Layouts()
    layouts.load({"layouts": {"one": {"docks": "1", "more": 5}}, "current": "one", "later": [1]})
    told = json.loads(layouts.dump())
    assert told["later"] == [1]
    assert told["layouts"] == {"one": {"docks": "1", "more": 5}}
    assert layouts.current == "one"


@pytest.mark.parametrize(
    "document", [{}, {"layouts": 5}, {"layouts": {"a": 5, "": {}}}, {"current": "gone"}]
)
def test_rubbish_is_no_layout(document: dict[str, object]) -> None:
    layouts = Layouts()
    layouts.load(document)
    assert (layouts.names, layouts.current) == ([], "")


states = st.dictionaries(st.text(max_size=5), st.one_of(st.text(max_size=5), st.integers()))


@given(st.dictionaries(st.text(min_size=1, max_size=LONGEST_NAME), states, max_size=10))
def test_what_was_saved_is_read_again(saved: dict[str, dict[str, object]]) -> None:
    layouts, again = Layouts(), Layouts()
    expected = {}
    for name, state in saved.items():
        if layouts.save(name, state):
            expected[tidy(name)] = state
    again.load(json.loads(layouts.dump()))
    assert {name: again.get(name) for name in again.names} == expected
    assert again.current == layouts.current
