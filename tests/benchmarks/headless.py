"""Our feed without a window: the hub, the alerts and the store, as the program has them."""

import asyncio
import json
import sys
import time
from collections.abc import Mapping
from typing import Any

from tickglass.alerts.engine import AlertEngine, Fired
from tickglass.exchanges import EXCHANGES
from tickglass.exchanges.exchange import Channel, Endpoint, Kind
from tickglass.feed.hub import Hub
from tickglass.intake import Intake
from tickglass.market.events import Status
from tickglass.market.instrument import Instrument
from tickglass.market.store import Store

from ..feed.helpers import until

PATIENCE = 60.0  # s until every instrument has spoken
WARM_UP = 3.0
UNWELL = ("stale", "reconnecting", "refused", "failed")

Plan = Mapping[str, Mapping[str, Any]]


def channels(plan: Plan, kind: Kind) -> list[Channel]:
    """One channel of each pair in the plan."""
    return [
        Channel(kind, Instrument.parse(f"{name}:{pair}"))
        for name, place in plan.items()
        for pair in place["pairs"]
    ]


def endpoints(plan: Plan) -> dict[str, tuple[Endpoint, ...]]:
    """Where the exchanges in the plan answer."""
    return {name: (Endpoint(place["ws"], place["rest"]),) for name, place in plan.items()}


def events(hub: Hub) -> dict[str, int]:
    """How many events each exchange has sent."""
    return {name: figures.total.events.total() for name, figures in hub.figures.items()}


def connections(hub: Hub, kind: Kind) -> dict[str, dict[str, int]]:
    """How many connections an exchange has, and the channels on the fullest beside its limit."""
    return {
        name: {
            "count": len(figures.connections),
            "fullest": max(each.channels for each in figures.connections.values()),
            "limit": EXCHANGES[name].lanes[kind].channels,
        }
        for name, figures in hub.figures.items()
    }


async def measured(hub: Hub, seconds: float) -> dict[str, Any]:
    """Events and CPU seconds of a while."""
    before, cpu, began = events(hub), time.process_time(), time.monotonic()
    await asyncio.sleep(seconds)
    cpu, elapsed = time.process_time() - cpu, time.monotonic() - began
    came = {name: count - before[name] for name, count in events(hub).items()}
    return {"events": came, "cpu_seconds": cpu, "seconds": elapsed}


async def main(plan: Plan, seconds: float, kind: Kind) -> None:
    """Read for a while and print the figures."""
    store, fired, told = Store(), list[Fired](), list[Status]()
    intake = Intake(store, AlertEngine(), fired.append, told.append)
    exchanges = [EXCHANGES[name] for name in plan]
    wanted = channels(plan, kind)
    async with Hub(exchanges, endpoints(plan), intake, time.monotonic) as hub:
        hub.want("benchmark", wanted)
        await until(lambda: all(store.state(each.instrument).last for each in wanted), PATIENCE)
        await asyncio.sleep(WARM_UP)
        store.take_changed()
        figures = await measured(hub, seconds)
        figures["changed"] = len(store.take_changed())
        figures["connections"] = connections(hub, kind)
        figures["reconnects"] = sum(each.total.reconnects for each in hub.figures.values())
    figures["trouble"] = [
        f"{each.exchange}: {each.detail}" for each in told if each.state in UNWELL
    ]
    figures["trouble"] += [state.problem for state in store.states.values() if state.problem]
    json.dump(figures, sys.stdout)


if __name__ == "__main__":
    asyncio.run(main(json.load(sys.stdin), float(sys.argv[1]), Kind(sys.argv[2])))
