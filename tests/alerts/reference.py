"""When an alert must fire: slow, and obviously right.

Written from the rules alone, over the whole list of prices, again and again:

- A trade that came before (its id is known) is nothing new. One that is older than the newest does
  not belong to the path any more.
- A price farther than 3 % from the one before is believed only once the next print lies nearer to
  it than to the price before it.
- Reaching a level crosses it, leaving it does not. A crossing holds until the price is back on the
  other side; of a condition that is so, it strikes when it becomes so.
- The first price after a gap strikes nothing. The very first of all strikes what *is* so.
- An alert fires when all its conditions hold and one of them was struck just now.
- After firing: not before the cooldown is over (what became so meanwhile, and still is so, is told
  then; what only happened meanwhile is not); not before the price came back by the re-arm band;
  with ``moved``, whenever the price is that far from where it fired.
- Once per candle, and at each candle's close: what *is* so counts in each anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tickglass.alerts.alert import Alert, Trigger
from tickglass.alerts.condition import (
    Condition,
    Kind,
    Move,
    Moved,
    PriceChannel,
    PriceLevel,
    Steps,
    Trail,
    Unit,
)
from tickglass.market.interval import milliseconds

FAR = 0.03
SLOTS = 200


@dataclass(frozen=True)
class Print:
    """A trade as it arrives; ``gap``: the feed was interrupted before it."""

    time: int
    price: float
    id: str
    gap: bool = False


@dataclass(frozen=True)
class Seen:
    """A believed price; ``fresh``: the first after a gap, or of all."""

    time: int
    price: float
    fresh: bool


def believed(prints: Sequence[Print]) -> list[Seen]:
    """The path that the price took, as far as it is believed."""
    path: list[Seen] = []
    known: set[str] = set()
    newest, held, interrupted = 0, None, True
    for each in prints:
        if each.gap:
            held, interrupted = None, True
        if each.id in known or each.time < newest:
            continue
        known.add(each.id)
        newest = each.time
        last = None if interrupted else path[-1].price
        if last is None:
            path.append(Seen(each.time, each.price, True))
            interrupted = False
            continue
        if held is not None:
            if abs(each.price - held.price) < abs(each.price - last):
                path.append(Seen(held.time, held.price, False))
                path.append(Seen(each.time, each.price, False))
                held = None
                continue
            held = None
        if abs(each.price - last) > FAR * last:
            held = each
        else:
            path.append(Seen(each.time, each.price, False))
    return path


def firings(alert: Alert, path: Sequence[Seen], begin: int = 0) -> list[int]:
    """The times at which an alert fires on a path, from the place ``begin`` of it on.

    Of an alert at candle closes the path is made of these.
    """
    fired: list[int] = []  # places in the path
    held_back: int | None = None  # where it was struck in the cooldown, and has held since
    lasting = not any(is_event(each) for each in alert.conditions)
    for now in range(begin, len(path)):
        if alert.trigger is Trigger.ONCE and fired:
            break
        told = [judge(each, path, now, fired) for each in alert.conditions]
        if not all(holds for _, holds in told):
            held_back = None
            continue
        struck = any(strikes for strikes, _ in told)
        if alert.trigger is Trigger.CANDLE and fired:
            candles = {
                path[place].time // milliseconds(alert.interval) for place in (now, fired[-1])
            }
            if len(candles) == 1:
                continue
        if alert.trigger in (Trigger.CANDLE, Trigger.CLOSE) and lasting:
            struck = True
        if fired and alert.moved:
            way = abs(path[now].price - path[fired[-1]].price)
            struck = way >= path[fired[-1]].price * alert.moved / 100
        if not struck and held_back is None:
            continue
        if fired and path[now].time < path[fired[-1]].time + alert.cooldown * 1000:
            if lasting and alert.trigger is not Trigger.CLOSE:
                held_back = now
            continue
        if fired and alert.rearm and not alert.moved and not cleared(alert, path, fired[-1], now):
            continue
        fired.append(now)
        held_back = None
    return [path[place].time for place in fired]


def is_event(condition: Condition) -> bool:
    """Whether a condition happens, and is not merely so."""
    happens = condition.kind in (Kind.ENTERS, Kind.LEAVES, Kind.STEPS)
    return happens or condition.kind.value.startswith("crosses")


def cleared(alert: Alert, path: Sequence[Seen], fired: int, now: int) -> bool:
    """Whether the price has been back by the band since it fired."""
    level = alert.first
    assert isinstance(level, PriceLevel)
    band = alert.rearm / 100
    for each in path[fired + 1 : now + 1]:
        if level.kind in (Kind.CROSSES_UP, Kind.ABOVE) and each.price <= level.value * (1 - band):
            return True
        if level.kind in (Kind.CROSSES_DOWN, Kind.BELOW) and each.price >= level.value * (1 + band):
            return True
        if level.kind is Kind.CROSSES and abs(each.price / level.value - 1) >= band:
            return True
    return False


def judge(
    condition: Condition, path: Sequence[Seen], now: int, fired: Sequence[int]
) -> tuple[bool, bool]:
    """Whether a condition strikes at a place of the path, and whether it holds there."""
    if isinstance(condition, PriceLevel) and condition.kind.value.startswith("crosses"):
        return crossing(condition, path, now)
    if condition.kind in (Kind.ENTERS, Kind.LEAVES):
        assert isinstance(condition, PriceChannel)
        return passing(condition, path, now)
    if isinstance(condition, Steps):
        strikes = stepped(condition, path, now)
        return strikes, strikes
    is_so = so(condition, path, now, fired)
    if now == 0:
        return is_so, is_so
    was_so = so(condition, path, now - 1, fired) and (now - 1) not in since_firing(condition, fired)
    return is_so and not was_so and not path[now].fresh, is_so


def since_firing(condition: Condition, fired: Sequence[int]) -> Sequence[int]:
    """Where a condition counts anew, so that it was not so the moment after it fired."""
    return fired if isinstance(condition, Trail | Moved) else ()


def crossing(condition: PriceLevel, path: Sequence[Seen], now: int) -> tuple[bool, bool]:
    up = condition.kind is not Kind.CROSSES_DOWN
    down = condition.kind is not Kind.CROSSES_UP

    def strikes(place: int) -> bool:
        if place == 0 or path[place].fresh:
            return False
        before, price = path[place - 1].price, path[place].price
        return (up and before < condition.value <= price) or (
            down and before > condition.value >= price
        )

    def beyond(place: int) -> bool:
        if up and down:
            return True
        price = path[place].price
        return price >= condition.value if up else price <= condition.value

    holds = any(
        strikes(begun) and all(beyond(place) for place in range(begun, now + 1))
        for begun in range(now + 1)
    )
    return strikes(now), holds


def passing(condition: PriceChannel, path: Sequence[Seen], now: int) -> tuple[bool, bool]:
    def there(place: int) -> bool:
        within = condition.low <= path[place].price <= condition.high
        return within is (condition.kind is Kind.ENTERS)

    def strikes(place: int) -> bool:
        return place > 0 and not path[place].fresh and there(place) and not there(place - 1)

    holds = any(
        strikes(begun) and all(there(place) for place in range(begun, now + 1))
        for begun in range(now + 1)
    )
    return strikes(now), holds


def stepped(condition: Steps, path: Sequence[Seen], now: int) -> bool:
    """Another multiple than the one reached last; of several the farthest counts."""
    last: int | None = None
    for place in range(1, now + 1):
        before, price = path[place - 1].price, path[place].price
        most = int(max(before, price) / condition.amount) + 2
        passed = [
            each
            for each in range(most)
            if before < each * condition.amount <= price
            or before > each * condition.amount >= price
        ]
        if path[place].fresh or not passed:
            struck = False
            continue
        reached = max(passed) if price > before else min(passed)
        struck = reached != last
        last = reached
        if place == now:
            return struck
    return False


def so(condition: Condition, path: Sequence[Seen], now: int, fired: Sequence[int]) -> bool:
    """Whether a condition that can be so is so at a place of the path."""
    price = path[now].price
    begun = [place for place in fired if place < now]
    since = begun[-1] if begun else 0
    match condition:
        case PriceLevel():
            above = condition.kind is Kind.ABOVE
            return price > condition.value if above else price < condition.value
        case PriceChannel():
            within = condition.low <= price <= condition.high
            return within is (condition.kind is Kind.INSIDE)
        case Move():
            return moved_within(condition, path, now)
        case Trail():
            lately = [each.price for each in path[since : now + 1]]
            share = condition.percent / 100
            if condition.kind is Kind.TRAILS_HIGH:
                return price < max(lately) and price <= max(lately) * (1 - share)
            return price > min(lately) and price >= min(lately) * (1 + share)
        case Moved():
            anchor = path[since].price
            percent = condition.unit is Unit.PERCENT
            reach = anchor * (condition.amount / 100) if percent else condition.amount
            return abs(price - anchor) >= reach
    raise AssertionError(condition)


def moved_within(condition: Move, path: Sequence[Seen], now: int) -> bool:
    slot = max(1, condition.window * 1000 // SLOTS)
    first = path[now].time // slot - SLOTS
    lately = [each.price for each in path[: now + 1] if each.time // slot >= first]
    low, high, price = min(lately), max(lately), path[now].price
    percent = condition.unit is Unit.PERCENT
    rise = low * (condition.amount / 100) if percent else condition.amount
    fall = high * (condition.amount / 100) if percent else condition.amount
    up = condition.kind is not Kind.MOVES_DOWN and price - low >= rise
    down = condition.kind is not Kind.MOVES_UP and high - price >= fall
    return up or down
