"""Learning: how cost falls with what has been produced, and what of it reaches devices."""

from __future__ import annotations

from mesh_abm.calibration import fits
from mesh_abm.calibration.inputs import Inputs
from mesh_abm.calibration.steps import Beside, Step


def steps(inputs: Inputs) -> list[Step]:
    """Return the learning exponent, the growth of efficiency, and how far merit and capacity follow."""
    return [exponent(inputs), efficiency(inputs), gain(inputs, "merit_gain"), gain(inputs, "capacity_gain")]


def exponent(inputs: Inputs) -> Step:
    """Return alpha: the predecessor's; DRAM's own is printed beside it."""
    alpha, dram, hbm = inputs.take("learning_exponent"), fits.wright_dram(), fits.wright_hbm()
    return Step(
        "learning_exponent",
        float(alpha.value),
        "",
        "the predecessor's estimate on HBM; optimist: the exponent fitted to DRAM",
        (alpha,),
        note="not reproduced by the shipped prices: DRAM learned four times as fast, HBM has become dearer since 2022",
        beside=(
            Beside("fitted to DRAM, 1995-2015", -dram.slope, ""),
            Beside("its standard error", dram.error, ""),
            Beside("fitted to HBM, 2022-2026 (price rose with volume)", -hbm.slope, ""),
        ),
    )


def efficiency(inputs: Inputs) -> Step:
    """Return the growth of A: what devices gain from algorithms beyond what the provider gains too."""
    extra = inputs.take("efficiency_growth")
    return Step(
        "efficiency_growth",
        float(extra.value),
        "per month",
        "baseline: 0, for better algorithms serve both sides alike",
        (extra,),
        note="up to .03 is conceivable; nothing supports it, so the optimist stops at .01",
    )


def gain(inputs: Inputs, name: str) -> Step:
    """Return the elasticity of merit or capacity to the technology index."""
    share = inputs.take(name)
    return Step(
        name,
        float(share.value),
        "",
        "baseline: 1, the paper's premise that devices take part in the learning curve in full",
        (share,),
    )
