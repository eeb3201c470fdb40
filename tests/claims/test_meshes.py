"""Standing meshes: who is linked to whom."""

import numpy as np

from mesh_abm.claims.experiments.meshes import device_links, standing
from mesh_abm.claims.lab import Lab


def test_links_are_those_of_the_model() -> None:
    run = standing(Lab(fast=True), 200, 1, {"churn": 0.0}, probe=device_links)[0]
    links = run.seen
    assert links.shape == (200, 200)
    assert (links != links.T).nnz == 0
    assert links.diagonal().sum() == 0
    assert np.isclose(links.sum() / 200, run.frame["mean_degree"].iloc[-1])


def test_merits_stay() -> None:
    run = standing(Lab(fast=True), 200, 1, {"churn": 0.0})[0]
    assert np.isclose(run.frame["mean_odds"].iloc[0], run.frame["mean_odds"].iloc[-1])
