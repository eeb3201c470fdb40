"""The books of a run: where every micro-credit is, and how every query of the month ended."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
import numpy.typing as npt

I64 = npt.NDArray[np.int64]


class Reason(IntEnum):
    """Why a member's query was served by neither the mesh nor its own device."""

    FRONTIER = 0
    NO_PATH = 1
    NO_SPECIALIST = 2
    NO_CAPACITY = 3
    FUNDS = 4
    SETTLEMENT = 5
    QUALITY = 6
    PRICE = 7
    LATENCY = 8
    TASTE = 9


@dataclass
class Money:
    """Totals since the start, micro-credits. Wallets + till + pool + spent + withdrawn = endowed + injected, always."""

    till: int = 0  # the provider's
    pool: int = 0  # fees of the operator of settlement
    spent: int = 0  # on running and standing costs, and on data centers
    withdrawn: int = 0  # taken along by those who left
    endowed: int = 0  # first wallets of newcomers
    injected: int = 0  # incomes, and payments by people outside the mesh

    def imbalance(self, wallets: int) -> int:
        """Money that the books cannot explain: 0."""
        held = wallets + self.till + self.pool + self.spent + self.withdrawn
        return held - self.endowed - self.injected


@dataclass
class Flows:
    """What happened in one month. Arrays are by task type, (J,), or by reason, (10,)."""

    n_types: int
    price: int  # the provider's, as paid this month
    capacity: float  # K that served this month
    quality: npt.NDArray[np.float64]  # the provider's by type, (J,)
    demand: I64 = field(init=False)  # queries that arrived, outside ones included
    by_self: I64 = field(init=False)
    by_mesh: I64 = field(init=False)
    by_provider: I64 = field(init=False)
    unserved: I64 = field(init=False)
    reasons: I64 = field(init=False)
    member_queries: int = 0
    joined: int = 0
    left: int = 0
    links_before: int = 0  # device links at the end of last month
    links_lost: int = 0  # of these, lost in step 2
    links_opened: int = 0
    link_value: float = 0.0  # v
    adoption_chance: float = 0.5  # B
    settled: int = 0
    settlement_needed: int = 0
    gains: float = 0.0  # log-sum gains of the month, micro-credits
    earned: int = 0  # asks less running costs, and relay fees
    revenue: int = 0  # paid to the provider
    capacity_bought: float = 0.0

    def __post_init__(self) -> None:
        for name in ("demand", "by_self", "by_mesh", "by_provider", "unserved"):
            setattr(self, name, np.zeros(self.n_types, np.int64))
        self.reasons = np.zeros(len(Reason), np.int64)
