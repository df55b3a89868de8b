"""Alerts in words: what one waits for, and what it told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..language import mark, tr, trn
from ..market.instrument import Instrument, exchange_title
from ..market.interval import DAY, HOUR, MINUTE, SECOND
from .alert import Alert, Trigger
from .condition import (
    Condition,
    DayChange,
    Direction,
    EmaCross,
    Extreme,
    Kind,
    MacdCross,
    Move,
    Moved,
    NoData,
    PriceChannel,
    PriceLevel,
    RsiLeaves,
    Source,
    Spread,
    Steps,
    TakerSide,
    Trail,
    Unit,
    VolumeSpike,
)
from .signals import Signal, SignalKind

Number = Callable[[float], str]

# What it waits for: "BTC/USDT on Binance" + these.
WAITS: Mapping[Kind, str] = {
    Kind.ABOVE: mark("is above {price}"),
    Kind.BELOW: mark("is below {price}"),
    Kind.CROSSES: mark("crosses {price}"),
    Kind.CROSSES_UP: mark("crosses {price} up"),
    Kind.CROSSES_DOWN: mark("crosses {price} down"),
    Kind.ENTERS: mark("enters {low} – {high}"),
    Kind.LEAVES: mark("leaves {low} – {high}"),
    Kind.INSIDE: mark("is inside {low} – {high}"),
    Kind.OUTSIDE: mark("is outside {low} – {high}"),
    Kind.MOVES: mark("moves by {amount} within {window}"),
    Kind.MOVES_UP: mark("moves up by {amount} within {window}"),
    Kind.MOVES_DOWN: mark("moves down by {amount} within {window}"),
    Kind.DAY_ABOVE: mark("has changed by more than {percent} in 24 h"),
    Kind.DAY_BELOW: mark("has changed by less than {percent} in 24 h"),
    Kind.TRAILS_HIGH: mark("falls {percent} below its high"),
    Kind.TRAILS_LOW: mark("rises {percent} above its low"),
    Kind.STEPS: mark("reaches another step of {amount}"),
    Kind.MOVED: mark("moves by {amount} since it last fired"),
    Kind.SPREAD: mark("differs from {other} by {percent} or more"),
    Kind.VOLUME_SPIKE: mark(
        "trades {times} times its usual volume within {window} (average of {windows})"
    ),
    Kind.EMA_CROSS: mark("has EMA {fast} crossing EMA {slow} on {interval}"),
    Kind.MACD_CROSS: mark("has MACD crossing its signal on {interval}"),
    Kind.RSI_LEAVES: mark("has RSI {length} leaving its extreme on {interval}"),
    Kind.NEW_HIGH: mark("makes a new high of {length} candles on {interval}"),
    Kind.NEW_LOW: mark("makes a new low of {length} candles on {interval}"),
    Kind.NO_DATA: mark("sends no data for {window}"),
}

# What it told: "{pair}" + these; {price} is what it waited for.
TOLD: Mapping[Kind, str] = {
    Kind.ABOVE: mark("{pair} is above {price}"),
    Kind.BELOW: mark("{pair} is below {price}"),
    Kind.CROSSES: mark("{pair} crossed {price}"),
    Kind.CROSSES_UP: mark("{pair} crossed {price} up"),
    Kind.CROSSES_DOWN: mark("{pair} crossed {price} down"),
    Kind.ENTERS: mark("{pair} entered {low} – {high}"),
    Kind.LEAVES: mark("{pair} left {low} – {high}"),
    Kind.INSIDE: mark("{pair} is inside {low} – {high}"),
    Kind.OUTSIDE: mark("{pair} is outside {low} – {high}"),
    Kind.MOVES: mark("{pair} moved by {amount} within {window}"),
    Kind.MOVES_UP: mark("{pair} moved up by {amount} within {window}"),
    Kind.MOVES_DOWN: mark("{pair} moved down by {amount} within {window}"),
    Kind.DAY_ABOVE: mark("{pair}: 24 h change above {percent}"),
    Kind.DAY_BELOW: mark("{pair}: 24 h change below {percent}"),
    Kind.TRAILS_HIGH: mark("{pair} fell {percent} below its high"),
    Kind.TRAILS_LOW: mark("{pair} rose {percent} above its low"),
    Kind.STEPS: mark("{pair} reached another step of {amount}"),
    Kind.MOVED: mark("{pair} moved by {amount}"),
    Kind.SPREAD: mark("{pair} differs from {other} by {percent} or more"),
    Kind.VOLUME_SPIKE: mark("{pair}: volume of {window} is {times} times its average"),
    Kind.EMA_CROSS: mark("{pair}: EMA {fast} crossed EMA {slow} on {interval}"),
    Kind.MACD_CROSS: mark("{pair}: MACD crossed its signal on {interval}"),
    Kind.RSI_LEAVES: mark("{pair}: RSI {length} left its extreme on {interval}"),
    Kind.NEW_HIGH: mark("{pair}: new high of {length} candles on {interval}"),
    Kind.NEW_LOW: mark("{pair}: new low of {length} candles on {interval}"),
    Kind.NO_DATA: mark("{pair}: no data for {window}"),
}

SOURCES: Mapping[Source, str] = {
    Source.LAST: mark("last price"),
    Source.BID: mark("bid"),
    Source.ASK: mark("ask"),
    Source.MID: mark("mid"),
    Source.CLOSE: mark("candle close"),
}

DIRECTIONS: Mapping[Direction, str] = {
    Direction.UP: mark("up"),
    Direction.DOWN: mark("down"),
    Direction.EITHER: mark("either way"),
}

TAKER_SIDES: Mapping[TakerSide, str] = {
    TakerSide.ANY: mark("all trades"),
    TakerSide.BUY: mark("bought by takers"),
    TakerSide.SELL: mark("sold by takers"),
}

TRIGGERS: Mapping[Trigger, str] = {
    Trigger.ONCE: mark("once"),
    Trigger.EVERY: mark("every time"),
    Trigger.CANDLE: mark("once per candle"),
    Trigger.CLOSE: mark("at candle closes"),
}


def wait_text(condition: Condition, price: Number, number: Number) -> str:
    """What a condition waits for: crosses 100,000 up."""
    text = tr(WAITS[condition.kind], **words(condition, price, number))
    return text + "".join(f" ({each})" for each in _details(condition))


def alert_text(alert: Alert, where: str, price: Number, number: Number) -> str:
    """An alert in words; ``where`` is what it watches: BTC/USDT on Binance.

    ``price`` writes a price of it, ``number`` any other number.
    """
    waits = [wait_text(each, price, number) for each in alert.conditions]
    return tr("{where} {what}", where=where, what=tr(" and ").join(waits))


def told_text(alert: Alert, instrument: Instrument, price: Number, number: Number) -> str:
    """What an alert told when it fired: BTC/USDT crossed 100,000 up."""
    first = alert.first
    return tr(TOLD[first.kind], pair=instrument.pair, **words(first, price, number))


def signal_text(
    signal: Signal, where: str, number: Number, percent: Number, other: str = ""
) -> str:
    """A signal as a plain sentence.

    ``where`` is BTC/USDT on Binance, ``other`` the exchange that a premium is counted from;
    ``percent`` writes shares.
    """
    size, minutes = percent(abs(signal.size)), duration_text(signal.minutes * 60)
    price = number(signal.price)
    match signal.kind:
        case SignalKind.MOVE if signal.up:
            return tr("{where} rose {size} within {time}, to {price}.", where=where, size=size,
                      time=minutes, price=price)  # fmt: skip
        case SignalKind.MOVE:
            return tr("{where} fell {size} within {time}, to {price}.", where=where, size=size,
                      time=minutes, price=price)  # fmt: skip
        case SignalKind.VOLUME:
            return _spike_text(signal, where, number, percent)
        case SignalKind.TREND if signal.up:
            return tr("{where} turned up on candles of {time}, at {price}.", where=where,
                      time=minutes, price=price)  # fmt: skip
        case SignalKind.TREND:
            return tr("{where} turned down on candles of {time}, at {price}.", where=where,
                      time=minutes, price=price)  # fmt: skip
        case SignalKind.PREMIUM:
            text = (
                tr("{where} is {size} dearer than elsewhere ({other}), at {price}.", where=where,
                   size=size, other=other, price=price)
                if signal.up else
                tr("{where} is {size} cheaper than elsewhere ({other}), at {price}.", where=where,
                   size=size, other=other, price=price)
            )  # fmt: skip
            return text


def _spike_text(signal: Signal, where: str, number: Number, percent: Number) -> str:
    times, price = number(round(signal.size, 1)), number(signal.price)
    if signal.bought is None:
        return tr("{where} trades {times} times its usual volume, at {price}.", where=where,
                  times=times, price=price)  # fmt: skip
    return tr("{where} trades {times} times its usual volume, {share} of it bought, at {price}.",
              where=where, times=times, share=percent(signal.bought), price=price)  # fmt: skip


def words(condition: Condition, price: Number, number: Number) -> dict[str, Any]:
    """The numbers of a condition as texts, by the names that sentences use."""
    match condition:
        case PriceLevel():
            return {"price": price(condition.value)}
        case PriceChannel():
            return {"low": price(condition.low), "high": price(condition.high)}
        case Move():
            window = duration_text(condition.window)
            return {
                "amount": _amount(condition.amount, condition.unit, price, number),
                "window": window,
            }
        case Moved():
            return {"amount": _amount(condition.amount, condition.unit, price, number)}
        case Steps():
            return {"amount": price(condition.amount)}
        case DayChange() | Trail():
            return {"percent": percent_text(condition.percent, number)}
        case Spread():
            percent = percent_text(condition.percent, number)
            return {"other": elsewhere_text(condition.other), "percent": percent}
        case VolumeSpike():
            return {
                "window": duration_text(condition.window),
                "times": number(condition.times),
                "windows": trn("{count} window", "{count} windows", condition.windows),
            }
        case EmaCross():
            return {"fast": condition.fast, "slow": condition.slow, "interval": condition.interval}
        case MacdCross():
            return {"interval": condition.interval}
        case RsiLeaves() | Extreme():
            return {"length": condition.length, "interval": condition.interval}
        case NoData():
            return {"window": duration_text(condition.seconds)}


def elsewhere_text(other: str) -> str:
    """Another exchange, or an instrument there, in words."""
    exchange, colon, pair = other.strip().lower().partition(":")
    title = exchange_title(exchange)
    return tr("{pair} on {exchange}", pair=pair.upper(), exchange=title) if colon else title


def percent_text(percent: float, number: Number) -> str:
    """A number of per cent."""
    return tr("{number} %", number=number(percent))


def duration_text(seconds: int) -> str:
    """A length of time in the longest unit that counts it whole: 5 minutes."""
    milliseconds = seconds * SECOND
    if milliseconds and milliseconds % DAY == 0:
        return trn("{count} day", "{count} days", milliseconds // DAY)
    if milliseconds and milliseconds % HOUR == 0:
        return trn("{count} hour", "{count} hours", milliseconds // HOUR)
    if milliseconds and milliseconds % MINUTE == 0:
        return trn("{count} minute", "{count} minutes", milliseconds // MINUTE)
    return trn("{count} second", "{count} seconds", seconds)


def _amount(amount: float, unit: Unit, price: Number, number: Number) -> str:
    return percent_text(amount, number) if unit is Unit.PERCENT else price(amount)


def _details(condition: Condition) -> list[str]:
    """What is not as usual: the price, the direction, the side."""
    details = []
    source = getattr(condition, "source", Source.LAST)
    if source is Source.CLOSE:
        details.append(tr("close of {interval}", interval=getattr(condition, "interval", "")))
    elif source is not Source.LAST:
        details.append(tr(SOURCES[source]))
    direction = getattr(condition, "direction", Direction.EITHER)
    if direction is not Direction.EITHER:
        details.append(tr(DIRECTIONS[direction]))
    if isinstance(condition, VolumeSpike) and condition.side is not TakerSide.ANY:
        details.append(tr(TAKER_SIDES[condition.side]))
    return details
