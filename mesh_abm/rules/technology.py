"""Rule 1, technology: production lowers cost (Wright 1936), cost and efficiency raise the merit of devices."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mesh_abm.model import MeshModel


class Technology:
    """c = (Q / Q0)^(-alpha), T = ln(A / c), r_i = r_class exp(merit_gain T) x personal factor."""

    def apply(self, model: MeshModel) -> None:
        model.technology.advance(model.par, model.provider.price)
        model.update_merits()
