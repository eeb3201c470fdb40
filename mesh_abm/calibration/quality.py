"""Quality: how fast devices catch up, and what specialists gain."""

from __future__ import annotations

from mesh_abm.calibration import fits
from mesh_abm.calibration.choices import SPECIALIST_CEILING
from mesh_abm.calibration.inputs import Inputs
from mesh_abm.calibration.steps import Beside, Step


def steps(inputs: Inputs) -> list[Step]:
    """Return the pace of quality and what full specialization closes."""
    return [growth(inputs), bonus(inputs), ceiling()]


def growth(inputs: Inputs) -> Step:
    """Return the monthly rate at which the gap of device quality to 1 closes."""
    pace, fit = inputs.take("quality_growth"), fits.gap_over_boards()
    return Step(
        "quality_growth",
        float(pace.value),
        "per month",
        "minus the slope of ln(1 - best device-size / best hosted) over the boards of LiveBench",
        (pace,),
        note=f"{fit.points} boards only; the questions change from board to board",
        beside=(
            Beside("standard error of the slope", fit.error, "per month"),
            Beside(
                "the same, dated by the later of the two models",
                -fits.gap_over_boards("reached").slope,
                "per month",
            ),
        ),
    )


def bonus(inputs: Inputs) -> Step:
    """Return the part of the gap to the ceiling that full specialization closes."""
    tuned, sizes = inputs.take("specialist_bonus"), fits.code_tuning()
    return Step(
        "specialist_bonus",
        float(tuned.value),
        "of the gap",
        "part of the gap to the best hosted model that code tuning closes at equal size: "
        "mean of two sizes (optimist, pessimist: the better and the worse)",
        (tuned,),
        note="one category (code editing) and two pairs of models: weak",
        beside=tuple(Beside(f"at {size}", gain, "of the gap") for size, gain in sizes.items()),
    )


def ceiling() -> Step:
    """Return the quality of a perfect specialist: that of the provider."""
    top = SPECIALIST_CEILING
    return Step(
        "specialist_ceiling",
        float(top.value),
        top.unit,
        "a perfect specialist answers as well as the provider",
        (top,),
    )
