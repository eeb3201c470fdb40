"""Degree tails of sequences whose law is known."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from mesh_abm.claims.experiments.degree_tails import tail, tails


def test_preferential_attachment_has_a_fat_tail_of_exponent_3() -> None:
    degrees = np.array([d for _, d in nx.barabasi_albert_graph(20_000, 3, seed=1).degree()])
    found = tail(12, degrees)
    assert found.exponent == pytest.approx(3, abs=0.25)
    assert found.fat(3.3)
    assert not found.fat(2.0)


def test_a_random_graph_has_no_fat_tail() -> None:
    degrees = np.array([d for _, d in nx.fast_gnp_random_graph(5_000, 6 / 5_000, seed=1).degree()])
    assert not tail(12, degrees).fat(3.0)


def test_the_tails_of_a_run_come_month_by_month() -> None:
    found = tails(("reference", 1, (6, 8)))
    assert [one.month for one in found] == [6, 8]
