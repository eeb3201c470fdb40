"""Step 8 on the device network: exchange of knowledge and the spread of updates."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from .device import Device

if TYPE_CHECKING:
    from .model import TwinModel


def exchange_knowledge(model: TwinModel) -> None:
    """Each device link once, in slot order: the exact flow on that link alone, which conserves the sum."""
    part = (1 - math.exp(-2 * model.par.exchange)) / 2
    for device in model.members:
        for partner in device.slots:
            if isinstance(partner, Device):
                flow = part * (partner.knowledge - device.knowledge)
                device.knowledge += flow
                partner.knowledge -= flow


def spread_updates(model: TwinModel) -> None:
    """SIS: seeding in months of release, then contagion and falling behind for all at once."""
    par, draw = model.par, model.random
    if (model.month - 1) % par.release_every == 0:
        for device in model.members:
            if draw.random() < par.update_seed:
                device.up_to_date = True
    after = []
    for device in model.members:
        if device.up_to_date:
            after.append(draw.random() >= par.update_recovery)
        else:
            sources = sum(1 for other in device.neighbors if other.up_to_date)
            after.append(draw.random() < 1 - (1 - par.update_rate) ** sources)
    for device, state in zip(model.members, after, strict=True):
        device.up_to_date = state
