"""The commands. Each parses its arguments and calls one function."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from . import __version__
from .errors import TickglassError, UsageError

OK, FAILED, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130

ALERTS_EPILOG = """examples:
  tickglass alerts add binance:BTC/USDT crosses_up 100000
  tickglass alerts add binance:BTC/USDT moves 3 --set window=300 --trigger every --set cooldown=600
  tickglass alerts add list:Majors volume_spike 4
  tickglass alerts list --json"""
COMMANDS_EPILOG = "Without a command, tickglass opens the window."


class _Parser(argparse.ArgumentParser):
    """Reports wrong usage in one sentence instead of a page."""

    def error(self, message: str) -> None:  # type: ignore[override]
        raise UsageError(f"{message[:1].upper()}{message[1:]}; see {self.prog} --help.")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit status is 0 on success, 1 on failure, 2 on wrong usage."""
    try:
        options = _parser().parse_args(arguments)
        return int(options.run(options))
    except UsageError as error:
        print(f"tickglass: {error.sentence}", file=sys.stderr)
        return WRONG_USAGE
    except TickglassError as error:
        print(f"tickglass: {error.sentence}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has gone: nothing to say, and nobody to say it to.
        sys.stderr.close()
        return OK


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="tickglass",
        description="A desktop window onto live crypto markets.",
        epilog=COMMANDS_EPILOG,
    )
    parser.add_argument("--version", action="version", version=f"tickglass {__version__}")
    parser.add_argument("--minimized", action="store_true", help="start in the tray")
    parser.add_argument("--for", dest="seconds", type=_seconds, metavar="SECONDS",
        help="quit by itself after so long")  # fmt: skip
    parser.add_argument("--screenshot", type=Path, metavar="FILE.png",
        help="save a picture of the window just before quitting")  # fmt: skip
    parser.add_argument("--stats", type=Path, metavar="FILE.json",
        help="save the figures just before quitting")  # fmt: skip
    _add_common(parser)
    parser.set_defaults(run=_window)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", parser_class=_Parser)
    _add_watch(commands)
    _add_instruments(commands)
    _add_simulate(commands)
    _add_record(commands)
    _add_replay(commands)
    _add_doctor(commands)
    _add_alerts(commands)
    return parser


def _add_common(parser: argparse.ArgumentParser, default: object = None) -> None:
    parser.add_argument("--demo", action="store_true", default=default or False,
        help="use the embedded exchanges; needs no network")  # fmt: skip
    parser.add_argument("--config-dir", metavar="DIR", default=default,
        help="keep every file under DIR")  # fmt: skip


def _add_watch(commands: argparse._SubParsersAction[_Parser]) -> None:
    watch = commands.add_parser("watch", help="print live events", description=(
        "Print live events as lines for people, or as JSON Lines."))  # fmt: skip
    watch.add_argument("instruments", nargs="+", metavar="INSTRUMENT",
        help="exchange:BASE/QUOTE, for example binance:BTC/USDT")  # fmt: skip
    watch.add_argument("--channel", default="ticker", metavar="LIST",
        help="ticker, trade, quote, book, candle:INTERVAL, separated by commas")  # fmt: skip
    watch.add_argument("--json", action="store_true", help="print JSON Lines")
    watch.add_argument("--for", dest="seconds", type=_seconds, metavar="S", help="stop after S s")
    watch.add_argument("--count", type=_count, metavar="N", help="stop after N events")
    _add_common(watch, argparse.SUPPRESS)
    watch.set_defaults(run=_watch)


def _add_instruments(commands: argparse._SubParsersAction[_Parser]) -> None:
    instruments = commands.add_parser("instruments", help="list what can be watched",
        description="List what can be watched on an exchange.")  # fmt: skip
    instruments.add_argument("exchange", metavar="EXCHANGE")
    instruments.add_argument("--json", action="store_true", help="print JSON Lines")
    _add_common(instruments, argparse.SUPPRESS)
    instruments.set_defaults(run=_instruments)


def _add_simulate(commands: argparse._SubParsersAction[_Parser]) -> None:
    simulate = commands.add_parser("simulate", help="serve simulated exchanges", description=(
        "Serve simulated exchanges on this machine until stopped. The first line printed is a "
        "JSON object with their addresses."))  # fmt: skip
    simulate.add_argument("--exchange", nargs="+", action="extend", metavar="NAME",
        help="which exchanges (all, unless said otherwise)")  # fmt: skip
    simulate.add_argument("--port", type=_port, default=0, metavar="P",
        help="the first port to listen on (any free one, unless said otherwise)")  # fmt: skip
    simulate.add_argument("--seed", type=int, default=1, metavar="N",
        help="the same number gives the same market")  # fmt: skip
    simulate.add_argument("--pairs", type=_count, default=48, metavar="N", help="how many pairs")
    simulate.add_argument("--rate", type=_rate, default=200.0, metavar="EVENTS_PER_S",
        help="trades and quotes per second, all pairs together")  # fmt: skip
    simulate.add_argument("--fault", action="append", default=[], metavar="SPEC",
        help="drop=SECONDS, stall=SECONDS, gap=SHARE, garbage=SHARE, refuse=STATUS or slow=MS; "
        "may be given several times")  # fmt: skip
    simulate.set_defaults(run=_simulate)


def _add_record(commands: argparse._SubParsersAction[_Parser]) -> None:
    record = commands.add_parser("record", help="write raw frames to a file",
        description="Write raw ws frames to a file as they arrive.")  # fmt: skip
    record.add_argument("file", type=Path, metavar="FILE.jsonl[.gz]")
    record.add_argument("instruments", nargs="+", metavar="INSTRUMENT")
    record.add_argument("--channel", default="ticker,trade,quote,book,candle:1m", metavar="LIST",
        help="what to record, as in watch (everything, unless said otherwise)")  # fmt: skip
    record.add_argument("--for", dest="seconds", type=_seconds, metavar="S", help="stop after S s")
    _add_common(record, argparse.SUPPRESS)
    record.set_defaults(run=_record)


def _add_replay(commands: argparse._SubParsersAction[_Parser]) -> None:
    replay = commands.add_parser("replay", help="decode a recording",
        description="Decode a recording offline and print its events.")  # fmt: skip
    replay.add_argument("file", type=Path, metavar="FILE.jsonl[.gz]")
    replay.add_argument("--json", action="store_true", help="print JSON Lines")
    replay.add_argument("--speed", type=_speed, default=None, metavar="max|N",
        help="as fast as possible (max, unless said otherwise), or N times real time")  # fmt: skip
    replay.add_argument("--exchange", metavar="NAME",
        help="read a file of bare frames, one a line, as this exchange's")  # fmt: skip
    replay.set_defaults(run=_replay)


def _add_doctor(commands: argparse._SubParsersAction[_Parser]) -> None:
    doctor = commands.add_parser("doctor", help="check what Tickglass needs", description=(
        "Show versions, folders, tray and notifications, and whether the exchanges can be "
        "reached and how far their clocks are off."))  # fmt: skip
    doctor.add_argument("--json", action="store_true", help="print one JSON object")
    _add_common(doctor, argparse.SUPPRESS)
    doctor.set_defaults(run=_doctor)


def _number(text: str, kind: type[int] | type[float], what: str) -> float:
    try:
        value = kind(text)
    except ValueError:
        value = kind(-1)
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is not {what}")
    return value


def _any_number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number") from None


def _seconds(text: str) -> float:
    return _number(text, float, "a number of seconds")


def _count(text: str) -> int:
    return int(_number(text, int, "a whole number above 0"))


def _rate(text: str) -> float:
    return _number(text, float, "a number of events per second")


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65_535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port")
    return int(text)


def _speed(text: str) -> float | None:
    return None if text == "max" else _number(text, float, "a speed; use max or a number")


def _add_alerts(commands: argparse._SubParsersAction[_Parser]) -> None:
    alerts = commands.add_parser("alerts", help="list, add, pause and remove alerts", description=(
        "Alerts for scripts: in the running window, or in its settings while it is closed."),
        epilog=ALERTS_EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    actions = alerts.add_subparsers(title="actions", metavar="ACTION", parser_class=_Parser,
        required=True)  # fmt: skip
    listed = actions.add_parser("list", help="print every alert")
    listed.set_defaults(run=_list_alerts)
    added = actions.add_parser("add", help="add one", epilog=ALERTS_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    added.add_argument("instrument", metavar="INSTRUMENT",
        help="exchange:BASE/QUOTE, or list:NAME for every pair of a watchlist")  # fmt: skip
    added.add_argument("condition", metavar="CONDITION", help="as in the settings: crosses_up, …")
    added.add_argument("number", metavar="NUMBER", type=_any_number, nargs="?",
        help="its price, per cent, amount, …")  # fmt: skip
    added.add_argument("--trigger", default="once", help="once, every, candle or candle_close")
    added.add_argument("--id", help="its name; one is made if there is none")
    added.add_argument("--set", action="append", default=[], metavar="KEY=VALUE",
        help="any other key of the settings, repeatable")  # fmt: skip
    added.set_defaults(run=_add_alert)
    for name, words in (("pause", "let one rest"), ("resume", "arm one again"),
                        ("remove", "forget one")):  # fmt: skip
        action = actions.add_parser(name, help=words)
        action.add_argument("id", metavar="ID")
        action.set_defaults(run=_change_alert, action=name)
    for action in actions.choices.values():
        action.add_argument("--json", action="store_true", help="JSON Lines")
        action.add_argument("--config-dir", metavar="DIR", default=argparse.SUPPRESS,
            help="the files under DIR")  # fmt: skip


# Each command imports what it needs: `watch` never loads Qt, and the window loads no server.


def _window(options: argparse.Namespace) -> int:
    from .ui.loading import load_qt

    load_qt()
    from .app import run_window

    return run_window(options)


def _watch(options: argparse.Namespace) -> int:
    from .commands.watch import watch

    return watch(options)


def _instruments(options: argparse.Namespace) -> int:
    from .commands.instruments import instruments

    return instruments(options)


def _simulate(options: argparse.Namespace) -> int:
    from .commands.simulate import simulate

    return simulate(options)


def _record(options: argparse.Namespace) -> int:
    from .commands.record import record

    return record(options)


def _replay(options: argparse.Namespace) -> int:
    from .commands.replay import replay

    return replay(options)


def _doctor(options: argparse.Namespace) -> int:
    from .commands.doctor import doctor

    return doctor(options)


def _list_alerts(options: argparse.Namespace) -> int:
    from .commands.alerts import list_alerts

    return list_alerts(options)


def _add_alert(options: argparse.Namespace) -> int:
    from .commands.alerts import add

    return add(options)


def _change_alert(options: argparse.Namespace) -> int:
    from .commands.alerts import change

    return change(options)
