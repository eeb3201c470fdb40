"""Rule 0, shocks: what changes from outside in this month (the kinds and their dates are in mesh_abm.shocks)."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from mesh_abm.shocks import barred, ending, factor, starting
from mesh_abm.streams import stream_key, uniforms

if TYPE_CHECKING:
    from mesh_abm.model import MeshModel

I32 = npt.NDArray[np.int32]


class Shocks:
    """Parameters, terms of the provider, merits, members and who may join change as the scenario lists it.

    `custom` are functions of the model that come after the scenario's shocks in every month: they look at
    `model.month` and change what they like. A scenario does not hold them, so a run with any cannot be verified.
    """

    def __init__(self, custom: Iterable[Callable[[MeshModel], object]] = ()) -> None:
        self.custom = tuple(custom)
        for change in self.custom:
            if not callable(change):
                raise TypeError(f"custom shock {change!r}: must be a function of the model")

    def apply(self, model: MeshModel) -> None:
        self.apply_listed(model)
        for change in self.custom:
            change(model)

    def apply_listed(self, model: MeshModel) -> None:
        """The shocks of the scenario."""
        shocks, month = model.spec.shocks, model.month
        model.put_in_force(model.spec.at(month))
        model.technology.merit_factor = factor(shocks, "merit", month)
        model.provider.release = factor(shocks, "release", month)
        names = barred(shocks, month)
        model.barred = np.array([device.name in names for device in model.spec.classes])
        for kind, scale in (
            ("price", model.provider.scale_price),
            ("capacity", model.provider.scale_capacity),
        ):
            for shock in ending(shocks, kind, month):
                scale(operator.truediv, float(shock.value))  # type: ignore[arg-type]
            for shock in starting(shocks, kind, month):
                scale(operator.mul, float(shock.value))  # type: ignore[arg-type]
        for kind in ("hubs", "random"):
            for shock in starting(shocks, kind, month):
                model.expelled[members_removed(model, kind, float(shock.value))] = True  # type: ignore[arg-type]


def members_removed(model: MeshModel, kind: str, share: float) -> I32:
    """The share of members with the largest device degree (ties: the lower row first), or a share at random."""
    members = model.state.members
    lots = uniforms(stream_key(model.seed, "removal", model.month), members, 0)
    order = np.argsort(-model.network.degree[members] if kind == "hubs" else lots, kind="stable")
    return members[order[: int(np.rint(share * members.size))]]
