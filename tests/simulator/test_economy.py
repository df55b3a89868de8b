"""Currencies are shared by pairs and exchanges, so that prices of the same coin move alike."""

from decimal import Decimal

from tickglass.market.interval import HOUR, MINUTE
from tickglass.simulator.economy import Economy
from tickglass.simulator.pairs import Pair, pairs

START = 1_795_361_160_000


def pair(base: str, quote_ccy: str, volatility: float = 0.03) -> Pair:
    step = Decimal("0.01")
    return Pair(base, quote_ccy, Decimal(100), step, step, volatility, 1.0)


BTC_USDT, BTC_EUR, ETH_BTC = pair("BTC", "USDT"), pair("BTC", "EUR"), pair("ETH", "BTC", 0.04)


def course(economy: Economy, which: Pair, hours: int = 3) -> list[float]:
    """The levels of a pair's base, every minute."""
    base, _ = economy.sides(which)
    levels = []
    for minute in range(hours * 60):
        now = START + minute * MINUTE
        economy.turn(now)
        levels.append(base.at(now))
    return levels


def test_pairs_of_the_same_currency_share_it_whichever_side_it_is_on() -> None:
    economy = Economy(1, [BTC_USDT, BTC_EUR, ETH_BTC], START)
    bitcoin, dollar = economy.sides(BTC_USDT)
    assert economy.sides(BTC_EUR)[0] is bitcoin
    assert economy.sides(ETH_BTC)[1] is bitcoin
    assert dollar is not bitcoin


def test_every_currency_begins_at_one() -> None:
    economy = Economy(1, pairs(54), START)
    assert {side.level for each in pairs(54) for side in economy.sides(each)} == {1.0}


def test_the_same_seed_moves_a_currency_alike_whatever_else_is_traded() -> None:
    alone = Economy(5, [BTC_USDT], START)
    among_others = Economy(5, [ETH_BTC, BTC_EUR, BTC_USDT], START)
    assert course(alone, BTC_USDT) == course(among_others, BTC_USDT)


def test_another_seed_moves_it_otherwise_and_so_does_another_name() -> None:
    litecoin = pair("LTC", "USDT", BTC_USDT.volatility)
    courses = [
        course(Economy(seed, [BTC_USDT, litecoin], START), which)
        for seed, which in ((5, BTC_USDT), (5, litecoin), (6, BTC_USDT))
    ]
    assert len({each[-1] for each in courses} | {1.0}) == 4


def test_a_coin_is_as_wild_as_its_own_row_says_even_where_it_is_the_quote() -> None:
    economy = Economy(1, [ETH_BTC, BTC_USDT, BTC_EUR], START)
    assert economy.volatilities(ETH_BTC) == (0.04, 0.03)
    assert economy.volatilities(BTC_USDT) == (0.03, 0.0002)
    assert economy.volatilities(BTC_EUR) == (0.03, 0.004)
    bitcoin, _ = economy.sides(BTC_USDT)
    assert bitcoin.volatility == 0.03


def test_turning_changes_the_moods_whose_time_is_over_and_no_others() -> None:
    economy = Economy(1, pairs(20), START)
    currencies = {side for each in pairs(20) for side in economy.sides(each)}
    ends = {each: each.mood_end for each in currencies}
    now = sorted(ends.values())[len(ends) // 2]
    economy.turn(now)
    assert {each for each in currencies if each.mood_end != ends[each]} == {
        each for each, end in ends.items() if end <= now
    }
    economy.turn(START + 24 * HOUR)
    assert all(each.mood_end > START + 24 * HOUR for each in currencies)
