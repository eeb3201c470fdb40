"""Measures of capability - (6), (8), (15) and N* - and of the technology behind it."""

from __future__ import annotations

from functools import cache
from math import inf, nan

from mesh_abm.measures.registry import measured
from mesh_abm.measures.snapshot import Snapshot, ratio
from mesh_abm.theory import ces

diversity_premium = cache(ces.diversity_premium)  # the same every month


@measured("queries a month")
def c_eff(s: Snapshot) -> float:
    """(6): CES aggregate over types of sum_i c_ij over members."""
    return s.aggregates[0]


@measured("queries a month", predictions=("equation_16",))
def c_mesh(s: Snapshot) -> float:
    """(15): the same over the largest component."""
    return s.aggregates[1]


@measured("queries a month")
def c_cent(s: Snapshot) -> float:
    """(8): J^((1 - rho) / rho) K, the provider's capacity spread evenly."""
    return diversity_premium(s.state.n_types, s.par.rho) * s.flows.capacity


@measured("queries a month", flow=True)
def c_active(s: Snapshot) -> float:
    """CES over types of quality x capacity of devices on a task: what the mesh really offered this month."""
    return s.aggregates[2]


@measured("devices")
def n_star(s: Snapshot) -> float:
    """N*: K / (S_inf x mean C_i), members needed to match the provider's capacity at the present S_inf."""
    reached = s.over_members.full_capacity * ratio(s.components.size, s.n)
    return s.flows.capacity * s.n / reached if s.n and reached else (inf if s.n else nan)


@measured("units of production")
def distance_to_crossing(s: Snapshot) -> float:
    """x = Q_bar - Q; costs have crossed when x <= 0."""
    return s.model.technology.distance


@measured("units of production")
def production(s: Snapshot) -> float:
    """Q: cumulative production at the end of the month, which decides the unit cost of the next."""
    return s.model.technology.production


@measured("log ratio")
def technology_index(s: Snapshot) -> float:
    """T = ln(A / c)."""
    return s.model.technology.index


@measured("ratio to the start", predictions=("wright",))
def unit_cost(s: Snapshot) -> float:
    """c = (Q / Q0)^(-alpha)."""
    return s.model.technology.unit_cost
