"""Several lists, without a screen."""

from hypothesis import given
from hypothesis import strategies as st

from tickglass.market.instrument import Instrument
from tickglass.market.watchlist import Watchlist
from tickglass.ui.watchlist.lists import Lists, gone_and_come

A, B, C, D = (Instrument("binance", letter, "USDT") for letter in "ABCD")


def lists_of(*contents: list[Instrument]) -> Lists:
    made = Lists()
    made.load([Watchlist(f"List {number}", each) for number, each in enumerate(contents)])
    return made


def test_there_is_always_a_list() -> None:
    made = Lists()
    made.load([])
    assert (len(made), made.names, made.instruments) == (1, ["Majors"], [])
    made.current.insert(0, [A])
    gone = made.close(0)
    assert (gone.instruments, made.names, made.instruments) == ([A], ["Majors"], [])


def test_what_was_given_and_what_is_told_are_copies() -> None:
    given_list = Watchlist("Mine", [A])
    made = Lists()
    made.load([given_list])
    made.current.insert(0, [B])
    assert given_list.instruments == [A]
    made.copies()[0].instruments.clear()
    assert made.instruments == [B, A]


def test_the_active_list_stays_active_whatever_happens_around_it() -> None:
    made = lists_of([A], [B], [C])
    made.active = 1
    made.close(0)
    assert (made.active, made.current.instruments) == (0, [B])
    made.add(Watchlist("Back", [A]), 0)
    assert (made.active, made.current.instruments) == (1, [B])
    made.shift(1, 2)
    assert (made.active, made.current.instruments) == (2, [B])
    made.close(2)
    assert made.active == 1, "the last one is gone, the one before it is looked at"


def test_rows_move_to_another_list_or_are_copied() -> None:
    made = lists_of([A, B, C], [C])
    left, new = made.send([B, C], made[1], copied=False)
    assert ([each.instruments for each in made], left, new) == (
        [[A], [C, B]],
        [(1, B), (2, C)],
        [B],
    )
    left, new = made.send([A], made[1], copied=True)
    assert ([each.instruments for each in made], left, new) == ([[A], [C, B, A]], [], [A])


def test_no_two_lists_are_called_the_same() -> None:
    made = lists_of([], [])
    assert made.free_name("Mine") == "Mine"
    assert made.free_name("List 1") == "List 1 2"
    assert made.free_name() == "List 2"


def test_the_list_looked_at_is_the_first_that_is_asked_for_an_instrument() -> None:
    made = lists_of([A, B], [B])
    made.active = 1
    assert [made.holding(each) for each in (A, B, D)] == [0, 1, None]


def test_who_went_and_who_came() -> None:
    assert gone_and_come([A, B], [B, C, D]) == ([A], [C, D])


@given(
    st.lists(st.lists(st.sampled_from([A, B, C, D]), unique=True), min_size=1, max_size=4),
    st.lists(st.tuples(st.sampled_from(["close", "shift", "add"]), st.integers(0, 5)), max_size=8),
)
def test_no_list_is_lost_and_one_is_always_active(
    contents: list[list[Instrument]], steps: list[tuple[str, int]]
) -> None:
    made = lists_of(*contents)
    count = len(contents)
    for step, number in steps:
        place = number % len(made)
        active = made.current
        match step:
            case "close":
                closed = made.close(place)
                count = max(1, count - 1)
                assert made.place_of(closed) is None
                assert closed is active or made.current is active
            case "shift":
                made.shift(place, (place + number) % len(made))
                assert made.current is active
            case _:
                made.add(Watchlist("More"), place)
                count += 1
                assert made.current is active
        assert len(made) == count
        assert 0 <= made.active < count
