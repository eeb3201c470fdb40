"""The figures of a comparison: a measure in every scenario, and its difference from the first with its interval."""

from __future__ import annotations

from typing import Any

import pandas as pd

from mesh_abm.comparison.comparison import HEADLINES, Comparison
from mesh_abm.comparison.words import SHARES, effect_in_words
from mesh_abm.figures import style
from mesh_abm.figures.figure import Figure

LONGEST = 24
"""Letters of a scenario's name in a legend."""
LINES: tuple[dict[str, Any], ...] = (
    {"color": style.INK, "linestyle": "-"},
    {"color": "#0072B2", "linestyle": (0, (6, 1.5))},
    {"color": "#D55E00", "linestyle": (0, (2, 1.2))},
    {"color": "#009E73", "linestyle": (0, (6, 1.5, 1, 1.5))},
    {"color": "#CC79A7", "linestyle": (0, (9, 1.5))},
    {"color": "#56B4E9", "linestyle": (0, (1, 1))},
)
"""How the scenarios are drawn, in their order: told apart by dashes as well as by color."""


def figures(comparison: Comparison) -> list[Figure]:
    """Return a figure for every measure that differs somewhere, the clearest first; none if nothing differs."""
    effects = comparison.effects
    size = (effects["difference"] / effects["half_width"].where(effects["half_width"] > 0)).abs().fillna(0)
    ranked = (
        effects.assign(size=size).groupby("measure", sort=False)["size"].max().sort_values(ascending=False)
    )
    changed = comparison.differences.groupby("measure")["difference"].apply(
        lambda gaps: bool((gaps.fillna(0) != 0).any())
    )
    return [draw(comparison, str(measure)) for measure in ranked.index if changed[measure]]


def draw(comparison: Comparison, measure: str) -> Figure:
    """Return the figure of a measure: its mean in every scenario above, the differences from the first below."""
    name = HEADLINES[measure]
    title = name[0].upper() + name[1:]
    scale = 100.0 if measure in SHARES else 1.0
    fig, (above, below) = style.rows(
        title, [_unit(measure), _unit(measure, gap=True)], "month", size=(7.6, 5.0)
    )
    looks = _looks(len(comparison.names))
    for look, each in zip(looks, comparison.names, strict=True):
        values = scale * comparison.values(each, measure)
        above.plot(values.index, values.mean(axis=1), linewidth=2.0, **look)
    for look, each in zip(looks[1:], comparison.names[1:], strict=True):
        rows = _differences(comparison, each, measure)
        middle, half = scale * rows["difference"], scale * rows["half_width"].fillna(0)
        below.plot(rows["month"], middle, linewidth=2.0, **look)
        below.fill_between(
            rows["month"], middle - half, middle + half, color=look["color"], alpha=0.2, linewidth=0
        )
    below.axhline(0, color=style.MUTED, linewidth=0.8)
    # given by hand: matplotlib leaves out names that begin with _, and reads $ as the begin of a formula
    labels = [_label(name) for name in comparison.names]
    above.legend(
        above.get_lines(),
        labels,
        loc="upper left",
        bbox_to_anchor=(1.02, 1.0),
        frameon=False,
        fontsize=style.SMALL,
        handlelength=3.2,
    )
    style.note(
        below, "band: 95 % interval of\nthe mean difference", 1.03, 0.9, ha="left", fontsize=style.SMALL
    )
    start = comparison.scenarios[0].start
    style.month_axis(above, comparison.months, start, labels=False)
    style.month_axis(below, comparison.months, start)
    data = comparison.differences[comparison.differences["measure"] == measure]
    return Figure.drawn(measure, title, _sentence(comparison, measure), fig, data)


def _label(name: str) -> str:
    """Return a name for the legend: shortened, and as it stands."""
    short = name if len(name) <= LONGEST else f"{name[: LONGEST - 2]}.."
    return short.replace("$", r"\$")


def _sentence(comparison: Comparison, measure: str) -> str:
    rows = comparison.effects[comparison.effects["measure"] == measure]
    told = [
        f"{row['scenario']}: {effect_in_words(row)}, {'more than noise' if row['clear'] else 'no more than noise'}"
        for _, row in rows.iterrows()
    ]
    return f"In the last year, against {comparison.names[0]}: {'; '.join(told)}."


def _unit(measure: str, gap: bool = False) -> str:
    if measure in SHARES:
        return "difference, points" if gap else "%"
    units = {"members": "devices", "mean_degree": "links", "capability_ratio": "ratio"}
    unit = units.get(measure, "micro-credits")
    return f"difference, {unit}" if gap else unit


def _differences(comparison: Comparison, name: str, measure: str) -> pd.DataFrame:
    table = comparison.differences
    return table[(table["scenario"] == name) & (table["measure"] == measure)]


def _looks(count: int) -> list[dict[str, Any]]:
    """Return how so many scenarios are drawn: after the sixth, colors come again with the next one's dashes."""
    dashes = [look["linestyle"] for look in LINES[1:]]
    first, *others = LINES
    rounds = [divmod(k, len(others)) for k in range(count - 1)]
    return [dict(first)] + [
        {"color": others[k]["color"], "linestyle": dashes[(k + turn) % len(dashes)]} for turn, k in rounds
    ]
