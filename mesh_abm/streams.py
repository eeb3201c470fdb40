"""Random numbers as a function of what is decided, not of the order of asking.

Every random decision has a key: the run's seed, the rule, the month, the owner's row and a draw number. A number is a
hash of its key (the SplitMix64 finalizer of Steele, Lea and Flood 2014, applied once per part of the key), so it is the
same whatever the threads, the order of rows or what else is drawn, and two scenarios that differ in one rule share
every other random number (common random numbers).
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from mesh_abm.kernels import inlined, kernel

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
TO_UNIT = 1.0 / 9007199254740992.0  # 2^-53


def stream_key(seed: int, rule: str, month: int = 0) -> np.uint64:
    """The 64-bit key of one rule in one month of one run."""
    digest = hashlib.blake2b(f"{seed}/{rule}/{month}".encode(), digest_size=8).digest()
    return np.uint64(int.from_bytes(digest, "little"))


def generator(seed: int, rule: str, month: int = 0) -> np.random.Generator:
    """A numpy Generator for the few draws that are made once a month for the whole model."""
    return np.random.Generator(np.random.Philox(key=int(stream_key(seed, rule, month))))


@inlined
def mix(x):
    """SplitMix64's finalizer: a bijection of 64 bits in which each input bit moves about half of the output bits."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


@inlined
def substream(key, number):
    """The key of part `number` (a row, a slot, a query) of the stream `key`."""
    return mix(key + GOLDEN * (np.uint64(number) + np.uint64(1)))


@inlined
def uniform(key, draw):
    """Draw number `draw` of the stream `key`, uniform on [0, 1) in steps of 2^-53."""
    return np.float64(substream(key, draw) >> np.uint64(11)) * TO_UNIT


@inlined
def below(key, draw, n):
    """A whole number from 0 to n - 1 (n < 2^31; bias below 2^-22)."""
    return np.int64(uniform(key, draw) * n)


@kernel
def uniforms(key, rows, draw):
    """One uniform number per row: array of the length of `rows`."""
    out = np.empty(rows.size)
    for a in range(rows.size):
        out[a] = uniform(substream(key, rows[a]), draw)
    return out


@inlined
def part_at(mark, ends, guide):
    """Which of the parts of [0, 1) that end at `ends` holds the mark; `guide` is that of `guide_to`."""
    part = guide[np.int64(mark * guide.size)]
    while part < ends.size - 1 and mark >= ends[part]:
        part += 1
    return part


def guide_to(ends: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Where to look for a mark among parts that end at `ends`: entry g is the first part that can hold g / 64."""
    first = np.searchsorted(ends, np.arange(64) / 64, side="right")
    return np.minimum(first, ends.size - 1)


class Poisson(NamedTuple):
    """A Poisson distribution as kernels draw from it: `pieces` of mean 30, which keep exp from underflow, and the rest.

    Each is drawn by inversion of the chances of at most 0, 1, .. 200.
    """

    pieces: int
    piece: npt.NDArray[np.float64]
    piece_guide: npt.NDArray[np.int64]
    rest: npt.NDArray[np.float64]
    rest_guide: npt.NDArray[np.int64]


@lru_cache(maxsize=8)
def poisson(mean: float) -> Poisson:
    """The Poisson distribution of this mean."""
    pieces = int(mean // 30.0)
    piece, rest = poisson_ends(30.0), poisson_ends(mean - 30.0 * pieces)
    return Poisson(pieces, piece, guide_to(piece), rest, guide_to(rest))


def poisson_ends(mean: float) -> npt.NDArray[np.float64]:
    """Chances of at most 0, 1, .. 200, (201,)."""
    k = np.arange(1, 201)
    return np.exp(-mean) * np.cumsum(np.concatenate(([1.0], np.cumprod(mean / k))))


@inlined
def draw_poisson(key, draw, poisson):
    """A number from the distribution; uses draws from `draw` on."""
    count = part_at(uniform(key, draw + poisson.pieces), poisson.rest, poisson.rest_guide)
    for piece in range(poisson.pieces):
        count += part_at(uniform(key, draw + piece), poisson.piece, poisson.piece_guide)
    return count
