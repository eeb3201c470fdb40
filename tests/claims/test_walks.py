"""Walks that look at neighbors: what they must find, and who finds more."""

import numpy as np
import pytest

from mesh_abm.claims.experiments.sis import network
from mesh_abm.claims.experiments.walks import Search, found_share

SEARCH = Search("Barabasi-Albert", 1_000, 20, "anywhere", "uniform", 4, 2_000, 1)


def test_everybody_a_specialist_is_found_at_once() -> None:
    assert found_share(SEARCH._replace(specialists=1_000, hops=1)) == 1.0


@pytest.mark.statistical
def test_one_look_finds_what_the_degrees_say() -> None:
    """With one look the share is 1 - mean of (1 - s)^degree; over 30 networks its standard error is about 0.01."""
    found = [found_share(SEARCH._replace(hops=1, specialists=100, seed=seed)) for seed in range(30)]
    expected = [1 - np.mean(0.9 ** network(SEARCH.kind, 1_000, seed).degrees) for seed in range(30)]
    error = np.std(found, ddof=1) / np.sqrt(len(found))
    assert abs(np.mean(found) - np.mean(expected)) < 4 * error < 0.06


def test_more_looks_and_specialists_at_hubs_find_more() -> None:
    assert found_share(SEARCH._replace(hops=8)) > found_share(SEARCH._replace(hops=1))
    assert found_share(SEARCH._replace(place="at hubs")) > found_share(SEARCH)


def test_a_walk_that_prefers_hubs_finds_more() -> None:
    assert found_share(SEARCH._replace(walk="degree-biased")) > found_share(SEARCH)
