"""Random numbers as a function of what is decided, not of the order of asking.

Every random decision has a key: the run's seed, the rule, the month, the owner's row and a draw number. A number is a
hash of its key (the SplitMix64 finalizer of Steele, Lea and Flood 2014, applied once per part of the key), so it is the
same whatever the threads, the order of rows or what else is drawn, and two scenarios that differ in one rule share
every other random number (common random numbers).
"""

from __future__ import annotations

import hashlib

import numpy as np

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
def poisson(key, draw, mean):
    """A Poisson number by inversion, in pieces of mean 30 so that exp does not underflow; uses draws from `draw` on."""
    count = 0
    while mean > 0.0:
        piece = min(mean, 30.0)
        mean -= piece
        u = uniform(key, draw)
        draw += 1
        term = np.exp(-piece)
        total = term
        k = 0
        while u >= total and k < 200:
            k += 1
            term *= piece / k
            total += term
        count += k
    return count
