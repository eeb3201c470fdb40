"""Every picture of the project, one file a figure, in one visual language (`style`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mesh_abm.figures.figure import Figure

if TYPE_CHECKING:
    from mesh_abm.results.result import Result

__all__ = ["Figure", "all_figures"]


def all_figures(result: Result) -> list[Figure]:
    """Return the figures of a report in their order."""
    from mesh_abm.figures import (
        adoption,
        capacity,
        condensate,
        crossing,
        degrees,
        division,
        giant_component,
        head_tail,
        network,
        prices,
        reasons,
        roles,
        shares,
        specialization,
        threshold,
        updates,
        wallets,
    )

    ordered = (
        shares,
        head_tail,
        adoption,
        network,
        giant_component,
        condensate,
        updates,
        threshold,
        reasons,
        capacity,
        crossing,
        prices,
        specialization,
        division,
        roles,
        degrees,
        wallets,
    )
    return [module.draw(result) for module in ordered]
