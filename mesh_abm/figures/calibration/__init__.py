"""Pictures of the data behind `baseline`: what `mesh-abm data calibrate --figures` writes. One file a figure."""

from __future__ import annotations

from collections.abc import Sequence

from mesh_abm.calibration import Calibration
from mesh_abm.figures.calibration.drawing import Drawing

__all__ = ["Drawing", "drawings"]


def drawings(calibration: Calibration) -> Sequence[Drawing]:
    """Return all pictures, in the order in which they are best read."""
    from mesh_abm.figures.calibration import (
        device_merit,
        learning_curves,
        price_history,
        quality_ratio,
        query_mix,
        ranges,
        speed,
    )

    return [
        speed.draw(),
        device_merit.draw(calibration),
        quality_ratio.draw(),
        price_history.draw(calibration),
        learning_curves.draw(),
        query_mix.draw(),
        ranges.draw(),
    ]
