"""`baseline`, computed: the tables of mesh_abm/data turned into the fields of a scenario, step by step.

One small file a subject (prices, devices, quality, learning, provider, population, mixes); `choices` holds the
only numbers that are typed in, `inputs` says which end of each range a variant takes. docs/model.md lists the
rules; `mesh-abm data calibrate` prints them with their results and with what they rest on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from mesh_abm.calibration import devices, kept, learning, mixes, population, prices, provider, quality
from mesh_abm.calibration.inputs import Inputs, moving
from mesh_abm.calibration.steps import REFERENCE, Beside, Calibration, End, Input, Kind, Step, Which
from mesh_abm.errors import ScenarioError, nearest

__all__ = [
    "REFERENCE",
    "VARIANTS",
    "Beside",
    "Calibration",
    "End",
    "Input",
    "Kind",
    "Step",
    "Which",
    "calibrate",
    "moving",
]

VARIANTS: tuple[Which, ...] = get_args(Which)


def calibrate(which: str = "central", moved: Mapping[str, End] | None = None) -> Calibration:
    """Return the calibration of a variant; ``moved`` puts single inputs (see `moving`) at another end.

    Raises ScenarioError for an unknown variant, KeyError for an unknown input.
    """
    if which not in VARIANTS:
        known = f"must be one of {', '.join(VARIANTS)}{nearest(which, VARIANTS)}"
        raise ScenarioError(f"calibration = {which!r}: {known}", "calibration")
    inputs = Inputs(which, moved)
    batch = prices.batch(inputs)
    price = prices.provider_price(inputs, batch)
    value = prices.value(inputs, batch)
    return Calibration(
        which,
        (
            *prices.size(),
            batch,
            price,
            value,
            prices.noise(inputs, value, price),
            *devices.steps(inputs, batch),
            *quality.steps(inputs),
            *learning.steps(inputs),
            *provider.steps(inputs, batch, price),
            *population.steps(inputs, price),
            *mixes.steps(inputs),
            *kept.steps(),
        ),
    )
