"""Step 0: shocks. Those of kind `set` and `mix` are in the parameters of the month already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .device import Device

if TYPE_CHECKING:
    from .model import TwinModel


def apply_shocks(model: TwinModel) -> None:
    """Factors come in their first month and go after their last; removals happen once."""
    for shock in model.given.shocks:
        if shock.kind in ("set", "mix", "bar"):
            continue  # in the parameters of the month, or asked where devices join
        value = float(shock.value)  # type: ignore[arg-type]
        if shock.kind in ("hubs", "random"):
            if shock.month == model.month:
                remove_devices(model, shock.kind, value)
        elif value != 1 and shock.month == model.month:
            scale(model, shock.kind, value)
        elif value != 1 and shock.until == model.month - 1:
            scale(model, shock.kind, 1 / value)


def scale(model: TwinModel, kind: str, factor: float) -> None:
    """Multiply price, capacity or quality of the provider, or merit of all devices."""
    if kind == "price":
        model.provider.base_price *= factor
        model.provider.price *= factor
    elif kind == "capacity":
        model.provider.capacity *= factor
    elif kind == "merit":
        model.merit_factor *= factor
    elif kind == "release":
        model.provider.release *= factor


def may_join(model: TwinModel, device_class: str) -> bool:
    """Whether no shock bars the class in this month."""
    return not any(
        shock.kind == "bar"
        and shock.value == device_class
        and shock.month <= model.month
        and (shock.until is None or model.month <= shock.until)
        for shock in model.given.shocks
    )


def remove_devices(model: TwinModel, kind: str, share: float) -> None:
    """Members with the largest device degree, or random ones, leave."""
    number = round(share * len(model.members))
    if kind == "hubs":
        removed: list[Device] = sorted(model.members, key=lambda d: -len(d.neighbors))[:number]
    else:
        removed = model.random.sample(model.members, number)
    for device in removed:
        device.leave()
    model.update_members()
