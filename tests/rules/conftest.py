"""Small meshes set up by hand: every column and slot that a worked example needs is written, nothing else happens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from mesh_abm.model import MeshModel
from mesh_abm.network import EMPTY
from mesh_abm.rules.demand import Queries
from mesh_abm.rules.routing import FOUND, NOBODY, Offers
from mesh_abm.scenario import DeviceClass

# A device whose numbers are easy to work with: fitness 1/2, quality .6, ten queries a month, 100 micro-credits each.
BOX = DeviceClass(name="box", share=1, merit=1, capacity=10, quality=0.6, running_cost=100)

# Nobody leaves or joins, no link fails, technology stands still, nothing but the provider's price is paid.
STILL: dict[str, Any] = {
    "population": "fixed", "kernel": "uniform", "classes": (BOX,), "merit_spread": 0, "slots": 2, "task_types": 2,
    "zipf": 0, "churn": 0, "link_failure": 0, "initial_members": 1, "standing_cost": 0, "income": 0,
    "initial_wallet": 10_000,
    "efficiency_growth": 0, "learning_exponent": 0, "quality_growth": 0, "frontier_share": 0, "measure_every": 0,
}  # fmt: skip


def connect(model: MeshModel, *links: tuple[int, int]) -> None:
    """Opens each link (owner, target) in the owner's first empty slot; a target is a row or PROVIDER."""
    for owner, target in links:
        free = int(np.flatnonzero(model.network.slots[owner] == EMPTY)[0])
        model.network.slots[owner, free] = target
    model.network.rebuild(model.members)


def put_on(
    model: MeshModel, row: int, task: int, *, capacity: int = 10, quality: float = 0.6, ask: int = 500
) -> None:
    """Makes a device offer `capacity` answers of one type this month."""
    state = model.state
    state.task[row], state.capacity[row], state.quality[row], state.ask[row] = task, capacity, quality, ask


def ask(model: MeshModel, *queries: tuple[int, int] | tuple[int, int, bool]) -> None:
    """Makes these the queries of the month: (origin, type) or (origin, type, frontier), ordered by origin."""
    rows = [(*query, False)[:3] for query in queries]
    origins = [row[0] for row in rows]
    numbers = [origins[:place].count(origin) for place, origin in enumerate(origins)]
    model.queries = Queries(
        np.array(origins, np.int32), np.array(numbers, np.int32), np.array([row[1] for row in rows], np.int8),
        np.array([row[2] for row in rows], np.bool_),
    )  # fmt: skip
    model.flows.member_queries = len(rows)
    model.flows.demand[:] = np.bincount(model.queries.type, minlength=model.spec.task_types)


def answer(model: MeshModel, *searches: tuple[int, Sequence[int]] | int) -> None:
    """Makes these the outcomes of the searches, one per query: (specialist, relays), or the Reason of failure."""
    n, longest = len(searches), 8
    offers = Offers(
        np.full(n, NOBODY, np.int32),
        np.zeros(n, np.int32),
        np.zeros(n, np.int8),
        np.full((n, longest), -9, np.int32),
    )
    for q, search in enumerate(searches):
        if isinstance(search, tuple):
            specialist, relays = search
            offers.specialist[q], offers.moves[q], offers.outcome[q] = specialist, len(relays), FOUND
            offers.path[q, : len(relays)] = relays
        else:
            offers.outcome[q] = search
    model.offers = offers


class Hand:
    """The tools of a worked example."""

    connect = staticmethod(connect)
    put_on = staticmethod(put_on)
    ask = staticmethod(ask)
    answer = staticmethod(answer)
    box = BOX

    @staticmethod
    def mesh(n: int = 4, *links: tuple[int, int], **fields: Any) -> MeshModel:
        """A mesh of n members with empty slots but for `links`, at the beginning of month 1."""
        seed = fields.pop("rng", 1)
        model = MeshModel(**(STILL | {"n_owners": n} | fields), rng=seed)
        model.month = 1
        model.network.slots[:] = EMPTY
        connect(model, *links)
        return model

    @staticmethod
    def books(model: MeshModel) -> tuple[list[int], int, int, int]:
        """Wallets, till, pool, spent: where money is after an example."""
        money = model.money
        return model.state.wallet.tolist(), money.till, money.pool, money.spent


@pytest.fixture
def hand() -> Hand:
    """Tools to set up a mesh by hand."""
    return Hand()


@pytest.fixture
def mesh() -> Callable[..., MeshModel]:
    """A mesh of n members with empty slots but for the links given, at the beginning of month 1."""
    return Hand.mesh
