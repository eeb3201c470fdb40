"""What came of a comparison: series, differences over time with their intervals, effects, variance saved."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from mesh_abm.scenario import Scenario

HEADLINES: dict[str, str] = {
    "market_share": "market share of devices",
    "share_mesh": "queries served by the mesh",
    "share_self": "queries served by own device",
    "share_provider": "queries served by the provider",
    "share_unserved": "queries unserved",
    "members": "members",
    "s_inf": "largest component",
    "condensate": "links that point to the provider",
    "mean_degree": "links per device",
    "specialization": "specialization",
    "capability_ratio": "C_mesh / C_cent",
    "hub_share": "work of the busiest 1 %",
    "provider_price": "price of the provider",
    "mean_ask": "mean ask",
    "member_benefit": "gain of a member a month",
    "gini_wallet": "inequality of wallets (Gini)",
}
"""The measures that are compared, with their names for people."""
CONFIDENCE = 0.95
LAST = 12
"""Months at the end over which an effect is averaged."""


@dataclass(frozen=True)
class Comparison:
    """Runs of several scenarios on the same seeds; the first is what the others are compared with."""

    names: tuple[str, ...]
    scenarios: tuple[Scenario, ...]
    series: pd.DataFrame
    """A row a scenario, seed and month: scenario, seed, month, then all measures."""

    @classmethod
    def of(cls, names: list[str], scenarios: list[Scenario], series: pd.DataFrame) -> Comparison:
        """Return a comparison of series with columns scenario and seed."""
        ratio = (series["c_mesh"] / series["c_cent"].where(series["c_cent"] > 0)).rename("capability_ratio")
        places = ["scenario", "seed", "month"]
        ordered = pd.concat([series[places], series.drop(columns=places), ratio], axis=1)
        order = ordered["scenario"].map({name: k for k, name in enumerate(names)})
        ordered = ordered.assign(_=order).sort_values(
            ["_", "seed", "month"], kind="stable", ignore_index=True
        )
        return cls(tuple(names), tuple(scenarios), ordered.drop(columns="_"))

    @property
    def months(self) -> int:
        """The last month."""
        return int(self.series["month"].max())

    @property
    def seeds(self) -> int:
        """How many seeds."""
        return int(self.series["seed"].nunique())

    def values(self, name: str, measure: str) -> pd.DataFrame:
        """Return a measure of a scenario: a row a month, a column a seed."""
        rows = self.series[self.series["scenario"] == name]
        return rows.pivot(index="month", columns="seed", values=measure).astype(float)

    @cached_property
    def differences(self) -> pd.DataFrame:
        """A row a scenario, measure and month: mean difference from the first scenario, half-width of its interval.

        The interval (t, 95 %) is that of the mean of paired differences: of one month, not of all months at once.
        """
        parts = [self._difference(name, measure) for name in self.names[1:] for measure in HEADLINES]
        return pd.concat(parts, ignore_index=True)

    @cached_property
    def effects(self) -> pd.DataFrame:
        """A row a scenario and measure: the difference over the last twelve months, and whether it is more than noise.

        `p` is that of a paired t test, Holm-corrected over the measures of a scenario; `clear` says p < .05. A
        difference that is exactly zero in every run is none. `variance_saved` is the part of the variance of the
        difference that the same seeds save against independent ones, measured on these runs.
        """
        rows = [self._effect(name, measure) for name in self.names[1:] for measure in HEADLINES]
        table = pd.DataFrame(rows)
        corrected = table.groupby("scenario", sort=False)["p"].transform(holm)
        return table.assign(p=corrected, clear=corrected < 1 - CONFIDENCE)

    @cached_property
    def first_difference(self) -> pd.Series:
        """By scenario: the first month in which any measure of any run differs from the first scenario; NaN if none."""
        found = {}
        base = self.series[self.series["scenario"] == self.names[0]].reset_index(drop=True)
        for name in self.names[1:]:
            other = self.series[self.series["scenario"] == name].reset_index(drop=True)
            same = (base == other) | (base.isna() & other.isna())
            months = base["month"][~same.drop(columns="scenario").all(axis=1)]
            found[name] = float(months.min()) if len(months) else np.nan
        return pd.Series(found, name="month")

    def sentences(self) -> list[str]:
        """Return what the comparison says, in plain words, a sentence or two for each scenario."""
        from mesh_abm.comparison.words import sentences

        return sentences(self)

    def save(self, folder: str | Path, *, overwrite: bool = False) -> Path:
        """Write the comparison into a folder, whole or not at all: report, tables, series; raises ResultError."""
        from mesh_abm.comparison.folder import save

        return save(self, Path(folder), overwrite)

    def _difference(self, name: str, measure: str) -> pd.DataFrame:
        gaps = self.values(name, measure) - self.values(self.names[0], measure)
        count = gaps.notna().sum(axis=1)
        half = _quantile(count) * gaps.std(axis=1, ddof=1) / np.sqrt(count)
        return pd.DataFrame(
            {
                "scenario": name,
                "measure": measure,
                "month": gaps.index,
                "difference": gaps.mean(axis=1).to_numpy(),
                "half_width": half.where(count > 1).to_numpy(),
                "seeds": count.to_numpy(),
            }
        )

    def _effect(self, name: str, measure: str) -> dict[str, object]:
        base, other = (_lately(self.values(each, measure)) for each in (self.names[0], name))
        gaps = (other - base).dropna()
        mean, half, p = paired(gaps.to_numpy())
        apart = float(base.var(ddof=1) + other.var(ddof=1))
        return {
            "scenario": name,
            "measure": measure,
            "first": float(base.mean()),
            "other": float(other.mean()),
            "difference": mean,
            "half_width": half,
            "p": p,
            "variance_saved": 1 - float(gaps.var(ddof=1)) / apart if apart > 0 and len(gaps) > 1 else np.nan,
        }


def paired(gaps: np.ndarray) -> tuple[float, float, float]:
    """Return mean, half-width of the 95 % interval and p of paired differences; p = 1 if all are exactly zero."""
    from scipy.stats import t as student

    count = gaps.size
    if count == 0:
        return np.nan, np.nan, np.nan
    mean = float(gaps.mean())
    if count == 1:
        return mean, np.inf, np.nan
    error = float(gaps.std(ddof=1)) / np.sqrt(count)
    half = float(student.ppf((1 + CONFIDENCE) / 2, count - 1)) * error
    if error == 0:
        return mean, 0.0, 1.0 if mean == 0 else 0.0
    return mean, half, float(2 * student.sf(abs(mean) / error, count - 1))


def holm(p: pd.Series) -> pd.Series:
    """Return p values corrected for their number (Holm 1979); NaN stays NaN."""
    known = p.dropna().sort_values()
    steps = known * np.arange(len(known), 0, -1)
    return steps.cummax().clip(upper=1.0).reindex(p.index)


def _lately(values: pd.DataFrame) -> pd.Series:
    return values.iloc[-LAST:].mean()


def _quantile(count: pd.Series) -> pd.Series:
    from scipy.stats import t as student

    return pd.Series(student.ppf((1 + CONFIDENCE) / 2, (count - 1).clip(lower=1)), index=count.index)
