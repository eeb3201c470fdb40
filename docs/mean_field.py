"""Measures the error of the mean-field equations: `python -m docs.mean_field`, in the folder of the project.

Simulates the scenarios once a seed (a few minutes on one core), writes docs/mean-field.png, and fills what
docs/mean-field.md has between these marks:

    <!-- measured: errors -->
    <!-- end of errors -->
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.mean_field import compare
from docs.generate import DOCS, table
from docs.mean_field_figure import draw
from mesh_abm.figures import style
from mesh_abm.mean_field import mean_field
from mesh_abm.runs import run
from mesh_abm.scenario import Scenario

SCENARIOS = ("reference", "baseline", "optimist")
SEEDS = range(1, 17)
MEASURES = (
    "members",
    "condensate",
    "mean_degree",
    "s_inf",
    "link_value",
    "specialization",
    "active",
    "mean_ask",
    "provider_price",
    "share_mesh",
    "share_self",
    "share_provider",
    "share_unserved",
    "market_share",
    "member_benefit",
    "mean_knowledge",
    "up_to_date",
    "technology_index",
    "unit_cost",
)
VARIANTS: dict[str, dict[str, Any]] = {
    "as it is": {},
    "20,000 owners": {"n_owners": 20_000},
    "signals of all (`signal` global)": {"signal": "global"},
    "effort not learned (`learning_rate` 0)": {"learning_rate": 0.0},
    "capacities 20 times as large": {
        f"classes.{name}.capacity": 20 * capacity
        for name, capacity in (("phone", 2), ("laptop", 4), ("desktop", 8), ("workstation", 20))
    },
}
EVENTS = (
    ("largest component over half", "s_inf", 0.5),
    ("market share over 5%", "market_share", 0.05),
    ("market share over 25%", "market_share", 0.25),
)
VARIED = ("members", "condensate", "active", "share_self", "share_mesh", "mean_ask")
MARKED = re.compile(r"(<!-- measured: (\w+) -->\n).*?(<!-- end of \2 -->)", re.DOTALL)


@dataclass(frozen=True)
class Comparison:
    """A scenario by equations and by simulation: frames of months, one a seed for the simulation."""

    scenario: str
    equations: pd.DataFrame
    runs: list[pd.DataFrame]

    def replicates(self, measure: str) -> npt.NDArray[np.float64]:
        """Simulated values, (seeds, months + 1)."""
        return np.array([frame[measure].to_numpy(float) for frame in self.runs])

    def mean(self, measure: str) -> npt.NDArray[np.float64]:
        """Mean over seeds by month, NaN left out."""
        return _quietly(np.nanmean, self.replicates(measure))

    def spread(self, measure: str) -> npt.NDArray[np.float64]:
        """Standard deviation of one replicate by month, NaN left out."""
        return _quietly(lambda x, axis: np.nanstd(x, axis=axis, ddof=1), self.replicates(measure))

    def gap(self, measure: str) -> npt.NDArray[np.float64]:
        """Equations less mean of the simulation, months 1 to the last."""
        return (self.equations[measure].to_numpy(float) - self.mean(measure))[1:]


def main() -> None:
    """Simulates, draws, and rewrites the page."""
    comparisons = [compared(name) for name in SCENARIOS]
    variants = {name: compared("reference", changes, SEEDS[:8]) for name, changes in VARIANTS.items()}
    (DOCS / "mean-field.png").write_bytes(style.to_png(draw(comparisons), dpi=120))
    blocks = {
        "errors": errors_block(comparisons),
        "dates": dates_block(comparisons),
        "switches": switches_block(variants),
        "time": time_block(),
    }
    page = DOCS / "mean-field.md"
    text = MARKED.sub(lambda found: f"{found[1]}{blocks[found[2]]}\n{found[3]}", page.read_text("utf-8"))
    page.write_text(text, "utf-8")


def compared(name: str, changes: dict[str, Any] | None = None, seeds: Sequence[int] = SEEDS) -> Comparison:
    """The scenario both ways."""
    runs = []
    for seed in seeds:
        runs.append(run(name, seed=seed, set={"measure_every": 0, **(changes or {})}).frame)
        print(f"{name}, seed {seed} of {len(seeds)}", flush=True)
    return Comparison(name, mean_field(name, set=changes), runs)


def dates_block(comparisons: list[Comparison]) -> str:
    """First months of some events: median and range of the runs, and equations."""
    rows = []
    for name, measure, level in EVENTS:
        for one in comparisons:
            months = [first_month(frame, measure, level) for frame in one.runs]
            by_equations = first_month(one.equations, measure, level)
            rows.append((name, f"`{one.scenario}`", _months(months), _month(by_equations)))
    return table(("event", "scenario", "runs: median (range)", "equations"), rows)


def first_month(frame: pd.DataFrame, measure: str, level: float) -> float:
    """The first month in which a measure is above a level, inf if there is none."""
    above = frame.loc[frame[measure] > level, "month"]
    return float(above.iloc[0]) if len(above) else np.inf


def switches_block(variants: dict[str, Comparison]) -> str:
    """`reference` with parts switched off: mean of the runs and equations in the last month."""
    rows = (
        (
            name,
            *(
                f"{_short(one.mean(measure)[-1])} / {_short(one.equations[measure].iloc[-1])}"
                for measure in VARIED
            ),
        )
        for name, one in variants.items()
    )
    return table(("`reference`", *(f"`{name}`" for name in VARIED)), rows)


def errors_block(comparisons: list[Comparison]) -> str:
    """A table per scenario: mean and worst gap of each measure, in its units and in standard deviations of a run."""
    heads = ("measure", "mean of runs, last month", "equations, last month", "mean gap", "in spreads", "worst gap",
             "in spreads", "in month")  # fmt: skip
    parts = [
        f"**`{one.scenario}`** ({len(SEEDS)} seeds)\n\n{table(heads, (error_row(one, name) for name in MEASURES))}"
        for one in comparisons
    ]
    return "\n\n".join(parts)


def error_row(comparison: Comparison, measure: str) -> tuple[str, ...]:
    """One measure as cells; a spread is the standard deviation of one run, averaged over the months."""
    gap = np.abs(comparison.gap(measure))
    spread = float(np.nanmean(comparison.spread(measure)[1:]))
    worst = int(np.nanargmax(gap))
    ends = (comparison.mean(measure)[-1], comparison.equations[measure].iloc[-1])
    mean, largest = float(np.nanmean(gap)), float(gap[worst])
    return (
        f"`{measure}`", *map(_short, ends), _short(mean), _in_spreads(mean, spread), _short(largest),
        _in_spreads(largest, spread), str(worst + 1),
    )  # fmt: skip


def time_block() -> str:
    """How many times as long one simulated run takes."""
    cases = {
        "reference": Scenario(measure_every=0),
        "reference with 200,000 owners": Scenario(n_owners=200_000, measure_every=0),
        "baseline": Scenario.load("baseline").replace(measure_every=0),
    }
    rows = ((name, f"{float(f'{compare(name, scenario, 3):.2g}'):g}") for name, scenario in cases.items())
    return table(("scenario", "time of one run / time of the equations"), rows)


def _months(months: list[float]) -> str:
    low, middle, high = min(months), float(np.median(months)), max(months)
    if np.isinf(low):
        return "never"
    return f"{_month(middle)} ({_month(low)} to {_month(high)})"


def _month(month: float) -> str:
    return f"{month:g}" if np.isfinite(month) else "never"


def _short(value: float) -> str:
    return (
        f"{value:,.0f}" if abs(value) >= 100.0 else f"{value:.3g}" if abs(value) >= 0.001 else f"{value:.1g}"
    )


def _in_spreads(gap: float, spread: float) -> str:
    return f"{gap / spread:.1f}" if spread > 1e-9 else ("0" if gap <= 1e-9 else "no spread")


def _quietly(
    reduce: Callable[..., npt.NDArray[np.float64]], values: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """A reduction over seeds, silent about months without any value."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return reduce(values, axis=0)


if __name__ == "__main__":
    main()
