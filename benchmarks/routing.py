"""Routing time per neighbor looked at, against one independent read at a random place, both on one thread."""

from __future__ import annotations

import numpy as np
from numba import njit

from benchmarks.timing import DENSE, gather_seconds, seconds
from mesh_abm.model import MeshModel
from mesh_abm.rules import routing
from mesh_abm.rules.offers import terms_of_trade
from mesh_abm.scenario import Scenario
from mesh_abm.streams import stream_key

SIZES = (10_000, 100_000, 1_000_000)


def main() -> None:
    """A dense mesh, so that walks have somewhere to go."""
    print(
        "routing, one thread: nanoseconds a neighbor looked at, against one independent read of a neighbor list"
    )
    for n in SIZES:
        scenario = Scenario.load("large").replace(n_owners=n, measure_every=0, **DENSE)
        model = MeshModel.from_scenario(scenario, rng=1)
        model.run_for(8)
        looked, queries = neighbors_looked_at(model), model.queries.total
        time = min(seconds(lambda m=model: search(m)) for _ in range(5)) / looked
        read = gather_seconds(model.network.neighbors.size, np.int32)
        print(
            f"  {n:>9,} owners: {time * 1e9:6.2f} against {read * 1e9:5.2f}: {time / read:4.1f} times",
            end="   ",
        )
        print(f"aim: 4   ({queries:,} queries, {looked / queries:.1f} looks each)")


def arguments(model: MeshModel) -> tuple[object, ...]:
    """What the search kernel takes, as rules/routing.py hands it over."""
    state, net = model.state, model.network
    window = routing.shop_window(state.task, state.capacity)
    key = stream_key(model.seed, "routing", model.month)
    terms = terms_of_trade(model)
    return (
        model.queries,
        net.start,
        net.neighbors,
        window,
        state.quality,
        state.ask,
        terms,
        model.par.looks,
        key,
    )


def search(model: MeshModel) -> None:
    """All searches of the month once more."""
    routing._search(0, model.queries.total, *arguments(model), model.offers)


def neighbors_looked_at(model: MeshModel) -> int:
    """Looks of all searches of the month, counted along the walks that they took."""
    queries, offers, start = model.queries, model.offers, model.network.start
    return int(_count(queries.origin, queries.frontier, start, offers.path, offers.moves, model.par.looks))


@njit(cache=True)
def _count(origin, frontier, start, path, moves, looks):
    total = 0
    for q in range(origin.size):
        if not frontier[q]:
            total += min(start[origin[q] + 1] - start[origin[q]], looks)
            for m in range(moves[q]):
                total += min(start[path[q, m] + 1] - start[path[q, m]], looks)
    return total


if __name__ == "__main__":
    main()
