"""What newcomers do to lambda_2: cases worked by hand."""

import networkx as nx
import numpy as np
import pytest

from mesh_abm.claims.experiments.newcomers import LINKS, Trial, changes, rises, with_newcomer
from mesh_abm.theory.diffusion import algebraic_connectivity


def test_a_leaf_on_a_complete_network_brings_lambda_2_down_to_one() -> None:
    links = nx.to_numpy_array(nx.complete_graph(10))
    assert algebraic_connectivity(links) == pytest.approx(10)
    assert algebraic_connectivity(with_newcomer(links, 1, np.random.default_rng(1))) == pytest.approx(1)


def test_a_newcomer_linked_to_all_makes_the_complete_network_larger() -> None:
    links = nx.to_numpy_array(nx.complete_graph(10))
    assert algebraic_connectivity(with_newcomer(links, 10, np.random.default_rng(1))) == pytest.approx(11)


def test_every_number_of_links_is_tried_as_often_as_asked() -> None:
    table = rises(changes(Trial(60, 1, 3)))
    assert table["links"].tolist() == list(LINKS)
    assert (table["trials"] == 3).all()
    assert table["raised"][0] == 0.0
