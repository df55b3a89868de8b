"""The exchanges' wire formats, both directions; to add one, add its lines to the registry here."""

from .binance import Binance, BinanceServer
from .exchange import Exchange, Server

EXCHANGES: dict[str, type[Exchange]] = {each.name: each for each in (Binance,)}
SERVERS: dict[str, type[Server]] = {Binance.name: BinanceServer}
