"""Rule 2, population: who leaves, which links fail, who joins, and the income and standing cost of being there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from mesh_abm.kernels import kernel
from mesh_abm.network import EMPTY
from mesh_abm.parallel import HEAVY, over_rows
from mesh_abm.rules.offers import logistic
from mesh_abm.state import enter, withdraw
from mesh_abm.streams import stream_key, substream, uniform, uniforms

if TYPE_CHECKING:
    from mesh_abm.model import MeshModel

I32 = npt.NDArray[np.int32]


class Population:
    """Members leave with chance mu, when broke or unfit; links fail with chance kappa; others join."""

    def apply(self, model: MeshModel) -> None:
        self.leave(model)
        self.fail_links(model)
        self.join(model)
        self.pay_income(model)

    def leave(self, model: MeshModel) -> None:
        """(a) Chance mu, a wallet below the standing cost, a merit below the bar, or a shock: the wallet goes along."""
        state, par = model.state, model.par
        model.leaving = np.empty(state.n_owners, np.bool_)
        over_rows(
            _leave, state.n_owners, state.member, state.wallet, state.merit, model.expelled,
            stream_key(model.seed, "leave", model.month), float(par.churn), par.standing_cost,
            float(par.capable_merit), model.leaving,
        )  # fmt: skip
        gone = np.flatnonzero(model.leaving).astype(np.int32)
        model.money.withdrawn += withdraw(state, gone)
        model.flows.left = gone.size
        model.expelled[:] = False

    def fail_links(self, model: MeshModel) -> None:
        """(b) A filled slot empties if its owner or partner left, else with chance kappa, independently."""
        key = stream_key(model.seed, "link failure", model.month)
        slots = model.network.slots
        lost = over_rows(
            _fail_links, len(slots), slots, model.leaving, key, model.par.link_failure, chunk=HEAVY
        )
        model.flows.links_before = model.network.n_links
        model.flows.links_lost = sum(lost)

    def join(self, model: MeshModel) -> None:
        """(c) Non-members that are fit and whose class is not barred: all, by contagion, or the next in line."""
        state = model.state
        model.flows.adoption_chance = adoption_chance(model)
        eligible = ~state.member & (state.merit >= model.par.capable_merit)
        eligible &= ~model.barred[state.device_class]
        joining = np.flatnonzero(JOINING[model.par.population](model, eligible)).astype(np.int32)
        enter(state, joining, model.month, model.seed, model.par, model.first_asks(joining))
        model.money.endowed += model.par.initial_wallet * joining.size
        model.flows.joined = joining.size
        model.refresh_members()

    def pay_income(self, model: MeshModel) -> None:
        """(d) Income up to the wallet cap comes in from outside; the standing cost is spent if the wallet covers it."""
        par, members, wallet = model.par, model.members, model.state.wallet
        money = (par.income, par.wallet_cap, par.standing_cost)
        for injected, spent in over_rows(_income, members.size, members, wallet, *money):
            model.money.injected += injected
            model.money.spent += spent


def join_all(model: MeshModel, eligible: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """`fixed`: everyone who may, at once."""
    return eligible


def join_by_contagion(model: MeshModel, eligible: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """`adoption`: chance 1 - exp(-h), h = gamma (N / P) max(0, 2 B - 1) + iota, B the logit of last month's benefit."""
    par, state = model.par, model.state
    pull = max(0.0, 2 * model.flows.adoption_chance - 1)
    hazard = par.contagion * (np.count_nonzero(state.member) / state.n_owners) * pull + par.innovation
    rows = np.arange(state.n_owners, dtype=np.int32)
    chance = uniforms(stream_key(model.seed, "join", model.month), rows, 0)
    return eligible & (chance < -np.expm1(-hazard))


def join_in_line(model: MeshModel, eligible: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """`growth`: the next owners who never were members, in order of number."""
    waiting = np.flatnonzero(eligible & ~model.state.ever)[: model.par.arrivals]
    chosen = np.zeros(eligible.size, np.bool_)
    chosen[waiting] = True
    return chosen


JOINING = {"fixed": join_all, "adoption": join_by_contagion, "growth": join_in_line}


def adoption_chance(model: MeshModel) -> float:
    """B = logistic((benefit - standing cost) / T_u), the predecessor's logit adoption."""
    return logistic((model.benefit - model.par.standing_cost) / model.par.information_friction)


@kernel
def _leave(start, stop, member, wallet, merit, expelled, key, churn, standing_cost, capable_merit, leaving):
    for i in range(start, stop):
        leaves = uniform(substream(key, i), 0) < churn
        broke, unfit = wallet[i] < standing_cost, merit[i] < capable_merit
        leaving[i] = member[i] & (leaves | broke | unfit | expelled[i])


@kernel
def _fail_links(start, stop, slots, leaving, key, failure):
    lost = 0
    for i in range(start, stop):
        own = substream(key, i)
        for s in range(slots.shape[1]):
            k = slots[i, s]
            partner_left = leaving[max(k, 0)] & (k >= 0)
            fails = leaving[i] | partner_left | (uniform(own, s) < failure)
            slots[i, s] = EMPTY if fails else k
            lost += fails & (k >= 0)
    return lost


@kernel
def _income(start, stop, members, wallet, income, cap, standing_cost):
    injected = 0
    spent = 0
    for a in range(start, stop):
        i = members[a]
        received = min(income, max(0, cap - wallet[i]))
        wallet[i] += received
        injected += received
        if wallet[i] >= standing_cost:
            wallet[i] -= standing_cost
            spent += standing_cost
    return injected, spent
