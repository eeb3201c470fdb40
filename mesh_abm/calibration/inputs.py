"""Figures with a range, and which end of it each variant takes.

`baseline` takes the central value everywhere, `optimist` the end that favors the mesh, `pessimist` the other end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

from mesh_abm.calibration import choices, fits
from mesh_abm.calibration.steps import End, Input, Which
from mesh_abm.calibration.tables import assumption

Favors = Literal["low", "high"]

ASSUMPTIONS: dict[str, tuple[Favors, str]] = {
    "queries_per_active_person_per_month": ("high", "the more is asked, the more a member gains in a month"),
    "model_tokens_in_per_query": (
        "high",
        "hosted prices charge what is read; devices are charged for writing only",
    ),
    "model_tokens_out_per_query": ("high", "a token costs less on a device than at the provider"),
    "willingness_to_pay_per_query": ("high", "an offer more is worth more, so more people join"),
    "electricity_price_household_us": ("low", "devices run on household power"),
    "share_of_people_owning_any_capable_device": ("high", "more people can join"),
    "device_idle_and_available_share": ("high", "more capacity, and hardware that is paid by more queries"),
    "device_lifetime": ("high", "hardware that is paid by more queries"),
    "accelerator_lifetime": ("low", "hosted capacity wears out sooner"),
    "hosted_utilisation": ("low", "idle accelerators make hosted capacity dearer"),
    "monthly_churn_mu": ("low", "members and their links last longer: churn feeds the center"),
    "coordination_friction_kappa": ("low", "links last longer, though the provider's do too"),
    "edge_latency": ("low", "the mesh answers sooner"),
}
"""Rows of assumptions.csv that move between the variants: the end that favors the mesh, and why."""


class Inputs:
    """The ranged figures of one variant; ``moved`` puts single ones at another end (for a scan of the ranges)."""

    def __init__(self, which: Which, moved: Mapping[str, End] | None = None) -> None:
        self.which = which
        self.moved = dict(moved or {})

    def take(self, name: str) -> Input:
        """Return a figure at the end that this variant takes; KeyError if there is none of that name."""
        ranged = RANGED[name]() if name in RANGED else _assumption(name)
        end = self.moved.get(name) or _end(ranged, self.which)
        value = {"central": ranged.value, "low": ranged.low, "high": ranged.high}[end]
        return ranged._replace(value=ranged.value if value is None else value, end=end)


def _end(ranged: Input, which: Which) -> End:
    if which == "central" or not ranged.favors:
        return "central"
    helps = which == "optimist"
    return "high" if (ranged.favors == "high") == helps else "low"


def _assumption(name: str) -> Input:
    row = assumption(name)
    plain = Input(name, row.value, row.kind, row.source, row.unit, row.low, row.high)
    if name not in ASSUMPTIONS:
        return plain
    favors, why = ASSUMPTIONS[name]
    return plain._replace(favors=favors, why=why)


def _choice(choice: Input, favors: Favors, why: str) -> Callable[[], Input]:
    return lambda: choice._replace(favors=favors, why=why)


def _learning_exponent() -> Input:
    """The predecessor's exponent; the range reaches up to what memory did, fitted here."""
    row, fit = assumption("learning_exponent_hbm_packaging"), fits.wright_dram()
    why = f"devices get better sooner; DRAM 1995-2015 learned at {-fit.slope:.2f}, fitted"
    return Input(row.name, row.value, row.kind, row.source, row.unit, row.low, -fit.slope, "high", why)


def _gap_slope() -> Input:
    """The pace at which the best device-size model closes the gap, one standard error either way, not below 0."""
    fit = fits.gap_over_boards()
    low, high = max(0.0, -fit.slope - fit.error), -fit.slope + fit.error
    why = "devices close the gap of quality sooner; one standard error of the fit"
    return Input(
        "pace of the closing gap of quality",
        -fit.slope,
        "measured",
        "livebench",
        "per month",
        low,
        high,
        "high",
        why,
    )


def _device_preferred() -> Input:
    """How often the best device-size answer is preferred; range: year's ends and middles since the end of 2023."""
    votes = fits.device_preferred()
    why = "people who are hard to tell answers apart take the mesh's more often"
    return Input(
        "votes for the best device-size answer",
        votes[-1][1],
        "measured",
        "lmarena_catalog",
        "of votes",
        min(v for _, v in votes),
        max(v for _, v in votes),
        "high",
        why,
    )


def _specialist_gain() -> Input:
    """Part of the gap that tuning on code closes, at 7B and at 32B."""
    gains = fits.code_tuning()
    low, high = min(gains.values()), max(gains.values())
    why = "specialists are better; one pair of models of each size, code only"
    return Input(
        "gap closed by code tuning",
        sum(gains.values()) / len(gains),
        "measured",
        "aider",
        "of the gap",
        low,
        high,
        "high",
        why,
    )


def _hosted_latency() -> Input:
    """The predecessor's 50 to 200 ms; central value: the geometric mean."""
    low, high = assumption("hosted_latency_low"), assumption("hosted_latency_high")
    why = "the provider answers later"
    return Input(
        "hosted latency",
        (low.value * high.value) ** 0.5,
        low.kind,
        low.source,
        "ms",
        low.value,
        high.value,
        "high",
        why,
    )


def _accelerator_price() -> Input:
    """Street price of the accelerator that hosted capacity is made of."""
    unit = fits.ACCELERATOR
    price, low, high = (fits.of_accelerator(key) for key in ("price_usd", "price_low_usd", "price_high_usd"))
    source = "fp4dev;aiinframap"
    return Input(
        f"price of one {unit}",
        price,
        "reported",
        source,
        "USD",
        low,
        high,
        "high",
        "hosted capacity is dearer",
    )


RANGED: dict[str, Callable[[], Input]] = {
    "learning_exponent": _learning_exponent,
    "quality_growth": _gap_slope,
    "device_preferred": _device_preferred,
    "specialist_bonus": _specialist_gain,
    "hosted_latency": _hosted_latency,
    "accelerator_price": _accelerator_price,
    "hosted_speed": _choice(
        choices.HOSTED_SPEED, "low", "the rival that merits are measured against is slower"
    ),
    "frontier_share": _choice(choices.FRONTIER_SHARE, "low", "the mesh can serve more of what is asked"),
    "efficiency_growth": _choice(
        choices.EFFICIENCY_GROWTH, "high", "devices gain more from better algorithms"
    ),
    "merit_gain": _choice(choices.MERIT_GAIN, "high", "the paper's premise; the pessimist denies it"),
    "capacity_gain": _choice(choices.CAPACITY_GAIN, "high", "the paper's premise; the pessimist denies it"),
}
"""Ranged figures that are computed or chosen, by name."""


def moving() -> tuple[str, ...]:
    """Return the names of all figures that move between the variants."""
    every = Inputs("central")
    return tuple(name for name in (*ASSUMPTIONS, *RANGED) if every.take(name).ranged)
