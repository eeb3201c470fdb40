"""Step 3: empty slots look for partners, by one of three kernels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .device import Device
from .provider import Provider
from .technology import logistic

if TYPE_CHECKING:
    from .model import TwinModel

DRAWS = 64  # tries to hit a filled slot before a contact is given up


def link_value(model: TwinModel) -> float:
    """v: given, or the chance that a typical offer of a member would be preferred to the provider."""
    par, members, provider = model.par, model.members, model.provider
    if not members:
        return 0.0
    if par.link_value is not None:
        return float(par.link_value)
    quality = sum(d.specialist_quality(max(d.shares)) for d in members) / len(members)
    ask = sum(d.ask for d in members) / len(members)
    of_mesh = par.query_value * quality - ask - par.settlement_fee - par.latency_cost * par.hop_latency
    of_provider = (
        par.query_value * provider.mean_quality()
        - provider.posted_price
        - par.latency_cost * par.provider_latency
    )
    return logistic((of_mesh - of_provider) / par.choice_noise)


def open_links(model: TwinModel) -> None:
    """All empty slots choose at once on the network as it stands; then the choices are made links.

    Where two devices chose each other, the slot of the lower number comes first and keeps the link.
    """
    chosen: list[tuple[Device, int, Device | Provider]] = []
    for device in model.members:
        met: list[Device] = []  # devices that another slot of this one has just chosen
        for slot, partner in enumerate(device.slots):
            found = find_partner(model, device, met) if partner is None else None
            if found is not None:
                chosen.append((device, slot, found))
                if isinstance(found, Device):
                    met.append(found)
    for device, slot, found in chosen:
        if isinstance(found, Provider):
            device.link(slot, found)
        elif found not in device.neighbors:
            device.link(slot, found)
            model.flows.links_opened += 1


def find_partner(model: TwinModel, device: Device, met: list[Device]) -> Device | Provider | None:
    """Up to `attempts` contacts, until one is kept."""
    for _ in range(model.par.attempts):
        contact = draw_contact(model)
        if isinstance(contact, Provider):
            return contact
        if contact is None or contact is device or contact in device.neighbors or contact in met:
            continue
        fitness = contact.owner.fitness if model.par.kernel == "fitness" else 1.0
        if model.random.random() < model.link_value * fitness:
            return contact
    return None


def draw_contact(model: TwinModel) -> Device | Provider | None:
    """Uniform kernel: any member. Others: either end of a random filled slot, so in proportion to degree."""
    draw = model.random
    if model.par.kernel == "uniform":
        return draw.choice(model.members)
    for _ in range(DRAWS):
        owner = draw.choice(model.members)
        target = draw.choice(owner.slots)
        if target is not None:
            return target if draw.random() < 0.5 else owner
    return None
