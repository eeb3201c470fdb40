"""Money and the counts of one month (docs/model.md, sections 5 and 8)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

REASONS = (
    "frontier", "no_path", "no_specialist", "no_capacity", "funds", "settlement",
    "quality", "price", "latency", "taste",
)  # fmt: skip


@dataclass
class Ledger:
    """Where money entered and left the model, in integer micro-credits, since the start.

    Wallets, till and pool hold the rest: wallets + till + pool + spent + withdrawn = endowments + injected.
    """

    endowments: int = 0
    injected: int = 0
    spent: int = 0
    withdrawn: int = 0
    pool: int = 0


@dataclass
class Month:
    """What happened in one month: queries by type and by who served them, links, deliveries, reasons."""

    types: int
    outside: list[int] = field(init=False)
    asked: list[int] = field(init=False)
    by_self: list[int] = field(init=False)
    by_mesh: list[int] = field(init=False)
    by_provider: list[int] = field(init=False)
    unserved: list[int] = field(init=False)
    reasons: Counter[str] = field(default_factory=Counter)
    revenue: int = 0
    settled: int = 0
    unsettled: int = 0
    joined: int = 0
    links_before: int = 0
    links_lost: int = 0
    links_opened: int = 0

    def __post_init__(self) -> None:
        for name in ("outside", "asked", "by_self", "by_mesh", "by_provider", "unserved"):
            setattr(self, name, [0] * self.types)

    def demand(self, task: int) -> int:
        """All queries of a type, outside ones included."""
        return self.outside[task] + self.asked[task]
