"""Small finished runs of every kind that figures, summary and report must cope with, each made once."""

from __future__ import annotations

from functools import cache
from typing import Any

from mesh_abm.figures import Figure, all_figures
from mesh_abm.results import Result
from mesh_abm.runs import run

RUNS: dict[str, dict[str, Any]] = {
    "a mesh": {"n_owners": 300, "months": 90, "initial_members": 1.0, "population": "fixed", "start": "2026-01"},
    "no mesh": {"n_owners": 120, "months": 14, "initial_members": 0.5},
    "nobody": {"n_owners": 50, "months": 3, "initial_members": 0, "innovation": 0},
    "one owner": {"n_owners": 1, "months": 4, "initial_members": 1, "churn": 0},
    "no month": {"n_owners": 60, "months": 0, "initial_members": 0.5},
    "one month": {"n_owners": 60, "months": 1, "initial_members": 0.5},
    "one type": {"n_owners": 150, "months": 30, "initial_members": 1.0, "task_types": 1},
    "22 types": {"n_owners": 200, "months": 40, "population": "fixed", "task_types": 22, "link_value": 1.0},
    "no provider price": {"n_owners": 80, "months": 13, "initial_members": 0.9, "provider_price": float("inf")},
    "random links": {"n_owners": 100, "months": 13, "initial_members": 0.9, "kernel": "uniform"},
    "growth": {"n_owners": 200, "months": 13, "population": "growth", "churn": 0},
    "everybody leaves": {"n_owners": 100, "months": 3, "initial_members": 0.9, "churn": 1.0},
    "no technology": {"n_owners": 80, "months": 13, "efficiency_growth": 0, "learning_exponent": 0},
}  # fmt: skip


@cache
def finished(name: str) -> Result:
    """The finished run of that name."""
    return run("reference", seed=1, set=RUNS[name])


@cache
def finished_figures(name: str) -> tuple[Figure, ...]:
    """The figures of the finished run of that name."""
    return tuple(all_figures(finished(name)))


@cache
def finished_baseline() -> Result:
    """The baseline on the shipped data, smaller and shorter."""
    return run("baseline", seed=1, months=24, set={"n_owners": 600})
