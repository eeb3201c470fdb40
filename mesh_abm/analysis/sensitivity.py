"""Which of the fields that vary together a measure depends on: global sensitivity, by SALib."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from mesh_abm.analysis.reading import CONFIDENCE, AnalysisError, Reading, fields_of, numbers_of, per_run
from mesh_abm.errors import nearest, shown
from mesh_abm.sweeps import Store

Method = Literal["delta", "pawn", "rbd_fast", "sobol"]
Values = npt.NDArray[np.float64]
Index = tuple[str, Values, Values]
"""Name of an index, its value for each field, and the half-width of its interval."""
Problem = dict[str, Any]
Analyze = Callable[[Problem, Values, Values, np.random.Generator, int], list[Index]]

FEWEST = 30
"""Points below which given data tell nothing of fields (each of ten parts would hold less than three)."""
BLIND = 19
"""Columns of shuffled numbers that are analyzed beside: a field that does nothing is above all of them once in 20."""
RESAMPLES, FEW_RESAMPLES = 100, 10
"""Of the bootstrap: for fields; for shuffled numbers, whose intervals are not asked for."""
PAWN_PARTS = (10, 8, 5, 4)
"""Numbers of parts, of which the largest that the points fill is taken. SALib fails on some others (6, 7)."""
PER_PART = 10
"""Points that a part of a field should hold."""


def sensitivity(
    store: Store, measure: str | Reading, method: Method = "delta", *, seed: int = 1
) -> pd.DataFrame:
    """Return a row a field and index: field, index, value, low, high (95 % bootstrap interval), noise; largest first.

    Of the mean of each point's runs. *delta*: part by which knowing the field shifts the distribution (Borgonovo 2007,
    Plischke et al. 2013), and S1, the part of the variance that it explains alone; *pawn*: median distance between
    the distributions in parts of the field and the whole (Pianosi and Wagener 2018); *rbd_fast*: S1 by Fourier
    analysis (Tarantola et al. 2006; Plischke 2010). All three take any design with many values a field, and have a
    bias: `noise` is the largest index among 19 columns of shuffled numbers, above which a field that does nothing
    comes once in 20.
    *sobol*: S1 and ST, with all interactions (Saltelli 2002), for stores of sampler "saltelli" only. `seed` is that of
    bootstrap and shuffling. Raises AnalysisError.
    """
    if method not in get_args(Method):
        allowed = ", ".join(get_args(Method))
        raise AnalysisError(
            f"method = {shown(method)}: must be one of {allowed}{nearest(method, get_args(Method))}"
        )
    if method == "sobol" and store.plan.get("sampler") != "saltelli":
        raise AnalysisError(
            f"method = 'sobol': needs a store of sampler = 'saltelli', this one is of {store.plan.get('sampler')!r}; "
            "must be delta, pawn or rbd_fast"
        )
    names = [numbers_of(store, name, "field") for name in fields_of(store)]
    X, Y = _means(store, measure, names, whole=method == "sobol")
    with _own_random_state(seed):
        return _designed(names, Y, seed) if method == "sobol" else _given(_METHODS[method], names, X, Y, seed)


def _given(analyze: Analyze, names: list[str], X: Values, Y: Values, seed: int) -> pd.DataFrame:
    """Analyze ranks: no index here changes with a monotone change of a field. Then columns of shuffled ones alike."""
    draw = np.random.default_rng(seed)
    ranks = pd.DataFrame(X).rank().to_numpy() / len(Y)
    blind = np.column_stack([draw.permutation(len(Y)) + 1 for _ in range(BLIND)]) / len(Y)
    found = analyze(_problem(names), ranks, Y, draw, RESAMPLES)
    beside = analyze(_problem([f"blind {k}" for k in range(BLIND)]), blind, Y, draw, FEW_RESAMPLES)
    tables = [
        _table(index, names, value, half, float(np.max(noise)))
        for (index, value, half), (_, noise, _) in zip(found, beside, strict=True)
    ]
    return pd.concat(tables, ignore_index=True)


def _delta(problem: Problem, X: Values, Y: Values, draw: np.random.Generator, resamples: int) -> list[Index]:
    """SALib's estimators with the bias taken off that the bootstrap shows (Plischke et al. 2013, (30)).

    Its own `analyze` starts from one bootstrap sample instead of the data, which leaves the bias and adds noise.
    """
    from SALib.analyze.delta import calc_delta, sobol_first

    parts, places = _parts(len(Y)), np.linspace(float(np.min(Y)), float(np.max(Y)), 100)

    def shift(rows: Any) -> Values:
        return np.array([calc_delta(Y[rows], places, x, parts) for x in X[rows].T])

    def alone(rows: Any) -> Values:
        return np.array([sobol_first(Y[rows], x, parts) for x in X[rows].T])

    found = []
    for name, index in (("delta", shift), ("S1", alone)):
        value, again = _again(index, len(Y), draw, resamples)
        found.append((name, 2 * value - again.mean(axis=0), _spread(again)))
    return found


def _parts(count: int) -> Values:
    """Borders of the parts into which given data are cut, by rank (Plischke et al. 2013)."""
    power = 2 / (7 + np.tanh((1500 - count) / 500))
    return np.linspace(0, count, min(int(np.ceil(count**power)), 48) + 1)


def _pawn(problem: Problem, X: Values, Y: Values, draw: np.random.Generator, resamples: int) -> list[Index]:
    """The median distance; SALib has no interval for it."""
    value, again = _again(lambda rows: _pawn_of(problem, X[rows], Y[rows]), len(Y), draw, resamples)
    return [("median", value, _spread(again))]


def _again(
    index: Callable[[Any], Values], count: int, draw: np.random.Generator, resamples: int
) -> tuple[Values, Values]:
    """An index of all points, shape (fields,), and of points drawn again with replacement, (resamples, fields)."""
    rows = draw.integers(count, size=(resamples, count))
    return index(slice(None)), np.array([index(one) for one in rows])


def _spread(again: Values) -> Values:
    """Half-widths of normal bootstrap intervals."""
    from scipy.stats import norm

    return np.asarray(norm.ppf((1 + CONFIDENCE) / 2) * again.std(axis=0, ddof=1))


def _pawn_of(problem: Problem, X: Values, Y: Values) -> Values:
    from SALib.analyze import pawn

    parts = next((parts for parts in PAWN_PARTS if len(Y) >= PER_PART * parts), PAWN_PARTS[-1])
    return np.asarray(pawn.analyze(problem, X, Y, S=parts)["median"], float)


def _rbd_fast(
    problem: Problem, X: Values, Y: Values, draw: np.random.Generator, resamples: int
) -> list[Index]:
    """SALib's interval is that of half the points; the spread of all of them is sqrt(2) smaller."""
    from SALib.analyze import rbd_fast

    harmonics = int(np.clip(len(Y) // PER_PART, 2, 10))
    found = rbd_fast.analyze(
        problem, X, Y, M=harmonics, num_resamples=resamples, conf_level=CONFIDENCE, seed=draw
    )
    return [("S1", np.asarray(found["S1"], float), np.asarray(found["S1_conf"], float) / np.sqrt(2))]


_METHODS: dict[str, Analyze] = {"delta": _delta, "pawn": _pawn, "rbd_fast": _rbd_fast}


def _designed(names: list[str], Y: Values, seed: int) -> pd.DataFrame:
    from SALib.analyze import sobol

    found = sobol.analyze(_problem(names), Y, calc_second_order=False, num_resamples=RESAMPLES,
                          conf_level=CONFIDENCE, seed=np.random.default_rng(seed))  # fmt: skip
    return pd.concat(
        [_table(index, names, found[index], found[f"{index}_conf"], 0.0) for index in ("ST", "S1")],
        ignore_index=True,
    )


def _means(store: Store, measure: str | Reading, names: list[str], whole: bool) -> tuple[Values, Values]:
    """Fields and mean of each point, shapes (points, fields) and (points,); of a design (`whole`) no point may lack."""
    means = per_run(store, measure).groupby("point")["value"].mean().dropna()
    if whole and len(means) < len(store.points):
        raise AnalysisError(
            f"method = 'sobol': {len(store.points) - len(means)} of {len(store.points)} points have no value; "
            "must all have one"
        )
    if not whole and len(means) < FEWEST:
        raise AnalysisError(
            f"store = {store.folder}: has {len(means)} points with a value; must have {FEWEST} or more"
        )
    if means.nunique() < 2:
        raise AnalysisError(f"store = {store.folder}: the measure is the same at all points; must vary")
    fields = store.points.set_index("point").loc[means.index, names].to_numpy(float)
    return fields, means.to_numpy(float)


def _problem(names: list[str]) -> Problem:
    return {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}


def _table(index: str, names: list[str], value: Any, half: Any, noise: float) -> pd.DataFrame:
    value, half = np.asarray(value, float), np.asarray(half, float)
    table = pd.DataFrame(
        {
            "field": names,
            "index": index,
            "value": value,
            "low": value - half,
            "high": value + half,
            "noise": noise,
        }
    )
    return table.sort_values("value", ascending=False, kind="stable")


@contextmanager
def _own_random_state(seed: int) -> Iterator[None]:
    """SALib draws from numpy's global generator and sets how warnings look: both are put back, its remarks dropped."""
    state, look = np.random.get_state(), warnings.formatwarning  # noqa: NPY002
    try:
        with warnings.catch_warnings(record=True):
            np.random.seed(seed)  # noqa: NPY002
            yield
    finally:
        np.random.set_state(state)  # noqa: NPY002
        warnings.formatwarning = look
