"""From what is varied to points: the full grid, Latin hypercube, Sobol, Saltelli's design, or lists side by side."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from mesh_abm.sweeps.ranges import MOST, PlanError, Range, Values

Point = dict[str, Any]
"""Field -> value."""
Varied = Sequence[Values | Range]


def grid(varied: Varied, samples: int | None, seed: int) -> list[Point]:
    """Return every combination, the last field changing fastest."""
    _unsampled("grid", samples)
    names, listed = [one.name for one in varied], [one.listed() for one in varied]
    count = math.prod(map(len, listed))
    if count > MOST:
        raise PlanError(f"vary: the grid has {count:,} points; must be at most {MOST:,}")
    return [dict(zip(names, values, strict=True)) for values in product(*listed)]


def side_by_side(varied: Varied, samples: int | None, seed: int) -> list[Point]:
    """Return the first values of all fields, then the second ones, and so on."""
    _unsampled("list", samples)
    listed = {one.name: one.listed() for one in varied}
    lengths = {name: len(values) for name, values in listed.items()}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{name} {length}" for name, length in lengths.items())
        raise PlanError(f"vary: lists of sampler = 'list' must have the same length, not {told}")
    return [dict(zip(listed, values, strict=True)) for values in zip(*listed.values(), strict=True)]


def latin_hypercube(varied: Varied, samples: int | None, seed: int) -> list[Point]:
    """Return `samples` points of which each has its own stratum of every field (McKay et al. 1979)."""
    from scipy.stats.qmc import LatinHypercube

    count = _sampled("latin-hypercube", samples)
    return _placed(varied, LatinHypercube(len(varied), rng=np.random.default_rng(seed)).random(count))


def sobol(varied: Varied, samples: int | None, seed: int) -> list[Point]:
    """Return `samples` points (a power of two) of a scrambled Sobol sequence."""
    from scipy.stats.qmc import Sobol

    count = _power_of_two("sobol", samples)
    return _placed(varied, Sobol(len(varied), rng=np.random.default_rng(seed)).random(count))


def saltelli(varied: Varied, samples: int | None, seed: int) -> list[Point]:
    """Return `samples` (fields + 2) points: a scrambled Sobol sequence, each point followed by itself with one field
    after another, then all, taken from a second one (Saltelli 2002): what Sobol' indices are computed from."""
    from SALib.sample.sobol import sample

    count = _power_of_two("saltelli", samples)
    names = [one.name for one in varied]
    problem = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
    return _placed(varied, sample(problem, count, calc_second_order=False, seed=np.random.default_rng(seed)))


SAMPLERS: dict[str, Callable[[Varied, int | None, int], list[Point]]] = {
    "grid": grid,
    "latin-hypercube": latin_hypercube,
    "sobol": sobol,
    "saltelli": saltelli,
    "list": side_by_side,
}


def _placed(varied: Varied, unit: npt.NDArray[np.float64]) -> list[Point]:
    return [{one.name: one.at(float(part)) for one, part in zip(varied, row, strict=True)} for row in unit]


def _sampled(sampler: str, samples: int | None) -> int:
    if samples is None:
        raise PlanError(f"samples is missing: sampler = {sampler!r} needs how many points to draw")
    return samples


def _power_of_two(sampler: str, samples: int | None) -> int:
    count = _sampled(sampler, samples)
    if count & (count - 1):
        raise PlanError(
            f"samples = {count}: must be a power of two for sampler = {sampler!r}, such as {_power(count)}"
        )
    return count


def _unsampled(sampler: str, samples: int | None) -> None:
    if samples is not None:
        raise PlanError(f"samples = {samples}: must be left out for sampler = {sampler!r}")


def _power(count: int) -> int:
    return int(2 ** np.ceil(np.log2(count)))
