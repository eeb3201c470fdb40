"""Measures of all months at once (docs/model.md, rule 10), from what each month left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from mesh_abm.theory import percolation
from mesh_abm.theory.domain import FloatArray
from mesh_abm.theory.mean_field import labor as labor_rule
from mesh_abm.theory.mean_field.degrees import Degrees, giant_component
from mesh_abm.theory.mean_field.labor import Labor
from mesh_abm.theory.mean_field.links import Links
from mesh_abm.theory.mean_field.market import strangers
from mesh_abm.theory.mean_field.population import Population
from mesh_abm.theory.mean_field.setting import Setting
from mesh_abm.theory.mean_field.technology import Technology

ROUNDING = 1e-12  # of the demand; less than this unserved is what rounding leaves


class Month(NamedTuple):
    """What the measures of a month are taken of; `by_mesh`, `by_self`, `by_provider` are queries served by type, (J,),
    `mean_ask` is NaN without devices on a task, `active` is per owner.
    """

    population: Population
    links: Links
    labor: Labor
    technology: Technology
    by_mesh: FloatArray
    by_self: FloatArray
    by_provider: FloatArray
    active: float
    link_value: float
    mean_ask: float
    provider_price: float
    member_benefit: float
    mean_knowledge: float
    up_to_date: float


def measures(months: Sequence[Month], setting: Setting) -> dict[str, FloatArray]:
    """By name, (T,) each, of the month before learning, but for knowledge and what is up to date; `months` begin with
    the start, in which nothing flows.
    """
    n = np.array([month.population.total for month in months])
    anybody = np.where(n > 0.0, 1.0, np.nan)
    series = _structure(months, n, setting) | _flows(months, n, setting)
    series["specialization"] = _specialization(months, setting) * anybody
    for name in ("link_value", "mean_ask", "provider_price"):
        series[name] = np.array([getattr(month, name) for month in months])
    for name in ("member_benefit", "mean_knowledge", "up_to_date"):
        series[name] = np.array([getattr(month, name) for month in months]) * anybody
    series["technology_index"] = np.array([month.technology.log_ratio for month in months])
    series["unit_cost"] = np.array([month.technology.cost for month in months])
    series["month"] = np.arange(float(len(months)))
    return series


def _structure(months: Sequence[Month], n: FloatArray, setting: Setting) -> dict[str, FloatArray]:
    """Stocks of the network."""
    groups = (len(months), -1)
    members = np.array([month.population.members for month in months]).reshape(groups)
    links = Links(*(
        np.array([getattr(month.links, name) for month in months]).reshape(groups) for name in Links._fields
    ))  # fmt: skip
    merit = np.array([month.population.merit(month.technology.merit(setting)) for month in months])
    hosted, own = links.hosted.sum(axis=1), links.own.sum(axis=1)
    degree = _share(own + links.into.sum(axis=1), n)
    size = giant_component(Degrees.of(links, members, setting.slots))
    return {
        "members": n * setting.n_owners,
        "mean_degree": degree,
        "s_inf": np.where(n > 0.0, size, np.nan),
        "s_inf_theory": np.where(n > 0.0, percolation.giant_component(np.nan_to_num(degree)), np.nan),
        "condensate": _share(hosted, hosted + own),
        "filled_slots": _share(hosted + own, setting.slots * n),
        "mean_odds": _share((members * merit.reshape(groups)).sum(axis=1), n),
    }


def _flows(months: Sequence[Month], n: FloatArray, setting: Setting) -> dict[str, FloatArray]:
    """Who served whom; NaN at the start."""
    mesh, own, hosted = (
        np.array([getattr(month, name) for month in months]) for name in ("by_mesh", "by_self", "by_provider")
    )
    asking = np.array([x + strangers(x, setting) for x in n])
    demand = asking[:, None] * setting.queries
    unserved = demand - own - mesh - hosted
    unserved = np.where(unserved > ROUNDING * demand, unserved, 0.0)
    head = np.zeros(setting.n_types, bool)
    head[np.argsort(-setting.weights, kind="stable")[: -(-setting.n_types // 4)]] = True
    flows = {
        "share_mesh": _shares(mesh, demand),
        "share_self": _shares(own, demand),
        "share_provider": _shares(hosted, demand),
        "share_unserved": _shares(unserved, demand),
        "market_share": _shares(mesh + own, mesh + own + hosted),
        "share_mesh_head": _shares(mesh[:, head], demand[:, head]),
        "share_mesh_tail": _shares(mesh[:, ~head], demand[:, ~head]),
        "active": _share(np.array([month.active for month in months]), n),
    }
    for values in flows.values():
        values[0] = np.nan
    return flows


def _specialization(months: Sequence[Month], setting: Setting) -> FloatArray:
    """Mean index over the members of every month, (T,); 0 without any."""
    members = np.array([month.population.by_class for month in months])
    main = np.array([month.labor.main for month in months]) * members[:, :, None]
    squares = np.array([month.labor.squares for month in months])
    index = labor_rule.specialization(squares, setting.n_types)
    whole = main.sum(axis=(1, 2))
    return np.where(whole > 0.0, _share((main * index).sum(axis=(1, 2)), whole), 0.0)


def _shares(part: FloatArray, whole: FloatArray) -> FloatArray:
    return _share(part.sum(axis=1), whole.sum(axis=1))


def _share(part: FloatArray, whole: FloatArray) -> FloatArray:
    """part/whole, NaN where there is no whole."""
    return np.asarray(np.divide(part, whole, out=np.full(whole.shape, np.nan), where=whole > 0.0))
