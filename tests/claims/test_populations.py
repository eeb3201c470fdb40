"""Explicit populations: sums known by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from mesh_abm.claims.experiments import populations


def test_direct_sum_by_hand() -> None:
    assert populations.direct([1.0, 4.0, 9.0], 0.5) == pytest.approx(36.0)
    assert populations.direct([4.0, 0.0], 0.5) == pytest.approx(4.0)
    assert populations.direct([2.0, 2.0], -1.0) == pytest.approx(1.0)
    assert populations.direct([2.0, 0.0], -1.0) == 0.0


def test_members_needed_counts_to_the_first_that_suffices() -> None:
    kinds, each = np.array([0, 1, 0, 1]), np.ones(4)
    assert populations.members_needed(kinds, each, 2, 0.5, 4.0) == 2  # (1 + 1)^2
    assert populations.members_needed(kinds, each, 2, 0.5, 4.01) == 3
    assert math.isinf(populations.members_needed(kinds, each, 2, 0.5, 9.0))


def test_types_and_capabilities_have_their_shares_and_mean() -> None:
    rng = np.random.default_rng(1)
    kinds = populations.types(20_000, [0.7, 0.2, 0.1], rng)
    each = populations.capabilities(20_000, rng)
    # standard errors below .004; six of them allowed
    assert np.bincount(kinds) / 20_000 == pytest.approx([0.7, 0.2, 0.1], abs=0.02)
    assert each.mean() == pytest.approx(1.0, abs=0.015)
    assert populations.pools(kinds, each, 3).sum() == pytest.approx(each.sum())


def test_who_is_connected() -> None:
    assert populations.connected(50, 49.0, 1).tolist() == list(range(50))
    share = populations.connected(4_000, 2.0, 1).size / 4_000
    assert share == pytest.approx(0.797, abs=0.05)  # sd .011
