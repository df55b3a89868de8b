"""The exchanges' wire formats, both directions; to add one, add its lines to the registry here."""

from .binance import Binance, BinanceServer
from .bybit import Bybit, BybitServer
from .coinbase import Coinbase, CoinbaseServer
from .exchange import Exchange, Server
from .kucoin import Kucoin, KucoinServer
from .okx import Okx, OkxServer

EXCHANGES: dict[str, type[Exchange]] = {
    each.name: each for each in (Binance, Bybit, Okx, Coinbase, Kucoin)
}
SERVERS: dict[str, type[Server]] = {
    Binance.name: BinanceServer,
    Bybit.name: BybitServer,
    Okx.name: OkxServer,
    Coinbase.name: CoinbaseServer,
    Kucoin.name: KucoinServer,
}
