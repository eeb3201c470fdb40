"""What must hold after every step, whatever the scenario (docs/model.md, invariants)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from mesh_abm.network import EMPTY

if TYPE_CHECKING:
    from mesh_abm.model import MeshModel


class InvariantError(AssertionError):
    """The model broke one of its own laws: a defect of the program, never of a scenario."""


def check_invariants(model: MeshModel) -> None:
    """Tests every invariant.

    Raises:
        InvariantError: one does not hold; the message names it, the month and by how much it fails.
    """
    for law in LAWS:
        fault = law(model)
        if fault:
            raise InvariantError(f"month {model.month}: {law.__name__.replace('_', ' ')}: {fault}")


def money_is_conserved(model: MeshModel) -> str:
    """Wallets + till + pool + spent + withdrawn = endowed + injected, to the last unit."""
    off = model.money.imbalance(int(model.state.wallet.sum()))
    return f"{off} micro-credits too many" if off else ""


def nobody_is_in_debt(model: MeshModel) -> str:
    """Wallets and till are at least 0; those outside hold nothing."""
    state = model.state
    low = min(int(state.wallet.min()), model.provider.till, model.money.pool)
    outside = int(state.wallet[~state.member].sum())
    return f"lowest holding {low}, held outside {outside}" if low < 0 or outside else ""


def queries_end_once(model: MeshModel) -> str:
    """Self + mesh + provider + unserved = arrived, by type; every query left by mesh and self has one reason."""
    f = model.flows
    ends = f.by_self + f.by_mesh + f.by_provider + f.unserved
    if (ends != f.demand).any():
        return f"ended {ends.tolist()}, arrived {f.demand.tolist()}"
    explained = int(f.by_self.sum() + f.by_mesh.sum() + f.reasons.sum())
    return "" if explained == f.member_queries else f"{explained} explained of {f.member_queries}"


def links_are_proper(model: MeshModel) -> str:
    """No self-link, no double link, no link to or from a non-member."""
    state, slots = model.state, model.network.slots
    source, target, _ = model.network.links()
    if (slots[~state.member] != EMPTY).any():
        return "a non-member has filled slots"
    if not state.member[target].all():
        return "a link leads to a non-member"
    if (source == target).any():
        return "a device is linked to itself"
    ends = np.sort(np.stack([source, target]), axis=0)
    doubled = ends.shape[1] - np.unique(ends, axis=1).shape[1]
    return f"{doubled} double links" if doubled else ""


def lists_agree_with_slots(model: MeshModel) -> str:
    """The neighbor lists hold each device link twice, and nothing else."""
    net = model.network
    source, target, _ = net.links()
    owners = np.repeat(np.arange(net.degree.size), net.degree)
    listed = sorted_pairs(owners, net.neighbors)
    wanted = sorted_pairs(np.r_[source, target], np.r_[target, source])
    return "" if np.array_equal(listed, wanted) else "neighbor lists and slots differ"


def loads_fit_capacities(model: MeshModel) -> str:
    """Load <= capacity; what was delivered to others is part of the load."""
    state = model.state
    over = int(np.count_nonzero((state.load > state.capacity) | (state.delivered > state.load)))
    return f"{over} devices overloaded" if over else ""


def shares_sum_to_one(model: MeshModel) -> str:
    """sigma_i is a distribution over types."""
    shares = model.state.shares
    off = float(np.abs(shares.sum(axis=1) - 1).max())
    return f"off by {off:g}, lowest {shares.min():g}" if off > 1e-9 or shares.min() < 0 else ""


def thresholds_stay_in_bounds(model: MeshModel) -> str:
    """threshold_min <= theta_ij <= threshold_max for members."""
    theta, spec = model.state.thresholds[model.members], model.spec
    outside = int(np.count_nonzero((theta < spec.threshold_min) | (theta > spec.threshold_max)))
    return f"{outside} thresholds out of bounds" if outside else ""


def measured_shares_are_shares(model: MeshModel) -> str:
    """Every measure that is a share lies in [0, 1] or is NaN."""
    from mesh_abm.measures import SHARES

    bad = [name for name in SHARES if not (np.isnan(x := model.record[name]) or -1e-12 <= x <= 1 + 1e-12)]
    return f"out of [0, 1]: {', '.join(bad)}" if bad else ""


LAWS = (
    money_is_conserved, nobody_is_in_debt, queries_end_once, links_are_proper, lists_agree_with_slots,
    loads_fit_capacities, shares_sum_to_one, thresholds_stay_in_bounds, measured_shares_are_shares,
)  # fmt: skip


def sorted_pairs(a: npt.NDArray[np.generic], b: npt.NDArray[np.generic]) -> npt.NDArray[np.int64]:
    """The pairs (a, b) as one sorted array of numbers."""
    return np.sort(a.astype(np.int64) * (np.int64(1) << 32) + b.astype(np.int64))
