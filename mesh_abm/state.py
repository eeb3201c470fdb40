"""The devices as columns: one row an owner, fixed for the whole run; a link is a row number, nothing is reallocated.

A row outlives its memberships: an owner who leaves and returns is a newcomer in the same row with a new `spell`.
Units: money in integer micro-credits, rates and flows a month.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from mesh_abm.kernels import kernel
from mesh_abm.parallel import over_rows
from mesh_abm.scenario import Scenario
from mesh_abm.streams import generator, stream_key, substream, uniform, uniforms

IDLE = -1  # value of `task` for a device that does none this month
TINY = float(np.finfo(np.float64).tiny)
NO_USE = np.nan  # value of `utilization` for a device that had no capacity

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
I32 = npt.NDArray[np.int32]


@dataclass(eq=False)
class State:
    """Columns of P owners and J task types; rows of non-members hold no slots, money, task or load."""

    device_class: npt.NDArray[np.uint8]  # (P,) index of the class
    personal: F64  # (P,) factor on the merit of the class, mean 1
    merit: F64  # (P,) r_i: relative merit of this month, eta / (1 - eta)
    member: npt.NDArray[np.bool_]  # (P,)
    ever: npt.NDArray[np.bool_]  # (P,) was a member at some time
    spell: I32  # (P,) number of the membership, 1, 2, .. over the run; 0 before the first
    joined: I32  # (P,) month of entry
    shares: F64  # (P, J) sigma_ij: shares of effort over types, sum 1
    thresholds: F64  # (P, J) theta_ij
    signal: F64  # (P, J) s_ij, or (1, J) s_j for the global signal
    knowledge: F64  # (P,) u_i
    up_to_date: npt.NDArray[np.bool_]  # (P,) has the newest model release
    ask: I64  # (P,) a_i, money a query
    wallet: I64  # (P,) w_i
    task: npt.NDArray[np.int8]  # (P,) type worked on this month, or IDLE
    quality: F64  # (P,) q_ij on that type
    full_capacity: F64  # (P,) C_i: queries it could answer this month if all effort went to one type
    capacity: I32  # (P,) queries it can answer this month
    load: I32  # (P,) queries answered this month, own ones included
    delivered: I32  # (P,) of these, answered for others
    relayed: I32  # (P,) paid relayings this month
    hosted: I32  # (P,) own queries answered by the provider this month
    utilization: F64  # (P,) load / capacity of the month, NaN without capacity

    @property
    def n_owners(self) -> int:
        return self.member.size

    @property
    def n_types(self) -> int:
        return self.shares.shape[1]

    @property
    def members(self) -> I32:
        """Row numbers of the members, ascending."""
        return np.flatnonzero(self.member).astype(np.int32)

    @property
    def nbytes(self) -> int:
        return sum(getattr(self, column.name).nbytes for column in fields(self))


def new_state(scenario: Scenario, seed: int) -> State:
    """The owners before month 1: classes by quota, personal merits, nobody a member yet."""
    p, j = scenario.n_owners, scenario.task_types
    rows = np.arange(p, dtype=np.int32)
    spread = scenario.merit_spread
    normal = ndtri(uniforms(stream_key(seed, "merit"), rows, 0) + 2.0**-54)
    return State(
        device_class=class_of_owners(scenario, seed),
        personal=np.exp(spread * normal - spread**2 / 2),
        merit=np.zeros(p),
        member=np.zeros(p, np.bool_),
        ever=np.zeros(p, np.bool_),
        spell=np.zeros(p, np.int32),
        joined=np.zeros(p, np.int32),
        shares=np.full((p, j), 1.0 / j),
        thresholds=np.zeros((p, j)),
        signal=np.zeros((p if scenario.signal == "local" else 1, j)),
        knowledge=np.zeros(p),
        up_to_date=np.zeros(p, np.bool_),
        ask=np.zeros(p, np.int64),
        wallet=np.zeros(p, np.int64),
        task=np.full(p, IDLE, np.int8),
        quality=np.zeros(p),
        full_capacity=np.zeros(p),
        capacity=np.zeros(p, np.int32),
        load=np.zeros(p, np.int32),
        delivered=np.zeros(p, np.int32),
        relayed=np.zeros(p, np.int32),
        hosted=np.zeros(p, np.int32),
        utilization=np.full(p, NO_USE),
    )


def class_of_owners(scenario: Scenario, seed: int) -> npt.NDArray[np.uint8]:
    """Class of each owner: quotas by largest remainder of share x P, shuffled."""
    counts = largest_remainder([c.share for c in scenario.classes], scenario.n_owners)
    ordered = np.repeat(np.arange(len(counts), dtype=np.uint8), counts)
    return generator(seed, "classes").permutation(ordered)


def largest_remainder(shares: npt.ArrayLike, total: int) -> I64:
    """Whole numbers in proportion to `shares` that sum to `total` (Hamilton's method; ties to the lower index)."""
    weights = np.asarray(shares, np.float64)
    exact = weights / weights.sum() * total
    quota = np.floor(exact).astype(np.int64)
    left = total - int(quota.sum())
    first = np.argsort(-(exact - quota), kind="stable")[:left]
    quota[first] += 1
    return quota


def specialization(shares: F64, rows: I32) -> F64:
    """1 - entropy(sigma_i) / ln J of these rows of shares (P, J): 0 for equal shares, 1 for one type; 0 if J = 1."""
    if shares.shape[1] == 1:
        return np.zeros(rows.size)
    logs = _above_zero(shares, rows)
    np.log(logs, out=logs)  # numpy's logarithm takes several numbers at a time, those of kernels one
    index: F64 = 1.0 + _weighted_sums(shares, rows, logs) / np.log(shares.shape[1])
    return index


def enter(state: State, rows: I32, month: int, seed: int, scenario: Scenario, ask: I64) -> None:
    """Makes newcomers of `rows`: equal shares, their own initial thresholds, no signal or knowledge, an endowment.

    `ask` is the first ask of each row. Wallets become `initial_wallet`; the caller books the endowment.
    """
    last = int(state.spell.max(initial=0))
    state.spell[rows] = np.arange(last + 1, last + 1 + rows.size, dtype=np.int32)
    state.joined[rows] = month
    state.member[rows] = state.ever[rows] = True
    state.ask[rows] = ask
    state.wallet[rows] = scenario.initial_wallet
    bounds = (2 * scenario.initial_threshold, scenario.threshold_min, scenario.threshold_max)
    local = scenario.signal == "local"
    over_rows(
        _renew, rows.size, rows, stream_key(seed, "thresholds"), *bounds, local,
        state.shares, state.thresholds, state.signal, state.knowledge, state.up_to_date,
    )  # fmt: skip


def withdraw(state: State, rows: I32) -> int:
    """Ends the memberships of `rows` (their slots are the network's to empty); returns the money they take along."""
    taken = int(state.wallet[rows].sum())
    state.member[rows] = False
    state.wallet[rows] = 0
    state.task[rows] = IDLE
    state.capacity[rows] = state.load[rows] = state.delivered[rows] = state.relayed[rows] = state.hosted[
        rows
    ] = 0
    state.utilization[rows] = NO_USE
    return taken


@kernel
def _renew(
    start, stop, rows, key, width, low, high, local, shares, thresholds, signal, knowledge, up_to_date
):
    n_types = shares.shape[1]
    for a in range(start, stop):
        i = rows[a]
        own = substream(key, i)
        knowledge[i] = 0.0
        up_to_date[i] = False
        for j in range(n_types):
            shares[i, j] = 1.0 / n_types
            thresholds[i, j] = min(max(width * uniform(own, j), low), high)
            if local:
                signal[i, j] = 0.0


@kernel
def _above_zero(shares, rows):
    """The shares of these rows, the least normal number in the place of 0."""
    out = np.empty((rows.size, shares.shape[1]))
    for a in range(rows.size):
        for j in range(shares.shape[1]):
            out[a, j] = max(shares[rows[a], j], TINY)
    return out


@kernel
def _weighted_sums(shares, rows, logs):
    """sum_j shares_ij logs_aj, i the row at place a."""
    out = np.empty(rows.size)
    for a in range(rows.size):
        total = 0.0
        for j in range(shares.shape[1]):
            total += shares[rows[a], j] * logs[a, j]
        out[a] = total
    return out
