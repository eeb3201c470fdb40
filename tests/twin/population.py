"""Step 2: who leaves, which links fail, who joins."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from .device import Device, Owner
from .shocks import may_join
from .technology import logistic

if TYPE_CHECKING:
    from mesh_abm.scenario import Scenario

    from .model import TwinModel


def make_owners(model: TwinModel, par: Scenario) -> list[Owner]:
    """All owners, with a shuffled device class, a personal merit factor and first thresholds."""
    classes = [k for k, quota in zip(par.classes, quotas(par), strict=True) for _ in range(quota)]
    model.random.shuffle(classes)
    sigma = par.merit_spread
    return [
        Owner(
            number=number,
            device_class=device_class,
            personal=math.exp(sigma * model.random.gauss(0, 1) - sigma**2 / 2),
            first_thresholds=[first_threshold(model, par) for _ in range(par.task_types)],
        )
        for number, device_class in enumerate(classes)
    ]


def first_threshold(model: TwinModel, par: Scenario) -> float:
    """theta0, uniform on (0, 2 initial_threshold), clipped to the bounds."""
    drawn = model.random.uniform(0, 2 * par.initial_threshold)
    return float(min(par.threshold_max, max(par.threshold_min, drawn)))


def quotas(par: Scenario) -> list[int]:
    """Owners of each class: share x P by largest remainder."""
    exact = [k.share * par.n_owners for k in par.classes]
    counts = [math.floor(e) for e in exact]
    by_remainder = sorted(range(len(exact)), key=lambda k: counts[k] - exact[k])
    for k in by_remainder[: par.n_owners - sum(counts)]:
        counts[k] += 1
    return counts


def first_members(model: TwinModel, par: Scenario) -> list[Owner]:
    """fixed: everybody; growth: the first share by number; adoption: each with that chance."""
    if par.population == "fixed":
        return model.owners
    if par.population == "growth":
        return model.owners[: round(par.initial_members * par.n_owners)]
    return [owner for owner in model.owners if model.random.random() < par.initial_members]


def leave(model: TwinModel) -> None:
    """(a) By chance, for want of money, or because the device is not capable."""
    par = model.par
    for device in model.members:
        unlucky = model.random.random() < par.churn
        poor = device.wallet < par.standing_cost
        if unlucky or poor or device.owner.merit < par.capable_merit:
            device.leave()
    model.update_members()


def fail_links(model: TwinModel) -> None:
    """(b) Slots whose partner left are empty already; every other filled slot fails with kappa."""
    for device in model.members:
        for slot, partner in enumerate(device.slots):
            if partner is not None and model.random.random() < model.par.link_failure:
                device.unlink(slot)


def join(model: TwinModel) -> None:
    """(c) Non-members whose merit suffices and whose class is not barred join as the kind of population says."""
    par = model.par
    outside = [o for o in model.owners if o.device is None and o.merit >= par.capable_merit]
    outside = [o for o in outside if may_join(model, o.device_class.name)]
    if par.population == "fixed":
        newcomers = outside
    elif par.population == "growth":
        newcomers = [owner for owner in outside if not owner.was_member][: int(par.arrivals)]
    else:
        chance = adoption_chance(model)
        newcomers = [owner for owner in outside if model.random.random() < chance]
    for owner in newcomers:
        enter(model, owner)
    model.flows.joined = len(newcomers)
    model.update_members()


def enter(model: TwinModel, owner: Owner) -> Device:
    """The owner becomes a member."""
    owner.device = Device(model, owner)
    owner.was_member = True
    return owner.device


def appeal(model: TwinModel) -> float:
    """B: how far last month's mean benefit exceeds the cost of being online, through a logit."""
    par = model.par
    return logistic((model.benefit - par.standing_cost) / par.information_friction)


def imitation(model: TwinModel) -> float:
    """gamma max(0, 2B - 1): contagion, which starts only where members gain more than they pay."""
    return float(model.par.contagion * max(0.0, 2 * appeal(model) - 1))


def adoption_chance(model: TwinModel) -> float:
    """1 - exp(-h), h = gamma (N/P) max(0, 2B - 1) + innovation, N the members after (a)."""
    spread = imitation(model) * len(model.members) / model.par.n_owners
    return 1 - math.exp(-(spread + model.par.innovation))
