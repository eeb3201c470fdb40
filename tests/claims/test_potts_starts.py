"""Both starts of the Potts model: networks as named, rows as promised, and the cache of what was sampled."""

from __future__ import annotations

import numpy as np
import pytest

from mesh_abm.claims.experiments import potts_starts
from mesh_abm.claims.lab import Lab


@pytest.mark.parametrize(
    ("name", "branching"), list(zip(potts_starts.NETWORKS[:3], (10.0, 3.0, 9.0), strict=True))
)
def test_networks_have_the_branching_of_their_kind(name: str, branching: float) -> None:
    graph = potts_starts.network(name, 4_000, seed=1)
    # of a random network the ratio scatters by about 2% (degree 3) at this size
    assert potts_starts.branching(graph) == pytest.approx(branching, rel=0.1)


def test_hubs_make_the_branching_grow_with_size() -> None:
    small, large = (
        potts_starts.branching(potts_starts.network(potts_starts.NETWORKS[3], n, 1)) for n in (500, 8_000)
    )
    assert large > small + 5


def test_an_unknown_network_is_refused() -> None:
    with pytest.raises(ValueError, match="name = 'ring'"):
        potts_starts.network("ring", 10, 1)


def test_gaps_are_the_largest_difference_over_couplings_and_close_above_the_transition() -> None:
    wanted = potts_starts.settings([potts_starts.NETWORKS[0]], [6], [600], 30, 2)
    rows = potts_starts.from_both_starts(Lab(), wanted)
    assert len(rows) == 2 * len(potts_starts.RATIOS[6])
    gaps = potts_starts.gaps(rows)
    largest = (rows["ordered"] - rows["random"]).groupby(rows["seed"]).max()
    assert gaps["mean"].tolist() == pytest.approx([largest.mean()])
    assert gaps["mean"].iloc[0] > 0.4  # two branches
    beyond = rows[rows["ratio"] == max(rows["ratio"])]
    assert np.abs(beyond["ordered"] - beyond["random"]).max() < 0.05  # one


def test_what_was_sampled_comes_out_the_same_again() -> None:
    wanted = potts_starts.settings([potts_starts.NETWORKS[0]], [3], [200], 4, 1)
    first = potts_starts.from_both_starts(Lab(), wanted)
    again = potts_starts.both_starts(wanted[0])
    assert first.equals(again)
