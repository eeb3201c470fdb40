"""The network as it is drawn: which devices, in which color, where."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mesh_abm.figures import layout
from mesh_abm.figures.graph import from_links
from mesh_abm.figures.network import task_colors
from mesh_abm.figures.roles import trade


def network(
    rows: list[tuple[int, int, int]], task: dict[int, int] | None = None, level: float = 1.0
) -> pd.DataFrame:
    """Links (source, target, traffic) between devices whose main task is given (0 unless it is)."""
    tasks = task or {}
    frame = pd.DataFrame(rows, columns=["source", "target", "traffic"])
    for end in ("source", "target"):
        there = frame[end] >= 0
        frame[f"{end}_task"] = [tasks.get(row, 0) if row >= 0 else -1 for row in frame[end]]
        frame[f"{end}_specialization"] = np.where(there, level, np.nan)
    return frame


PAIR_AND_CHAIN = network([(4, 7, 2), (1, 2, 1), (2, 3, 5), (1, -1, 0), (9, -1, 3)])
"""Devices 4-7 linked, 1-2-3 a chain, 1 and 9 with links to the provider."""


def test_the_graph_has_every_device_with_a_link_and_knows_its_component() -> None:
    graph = from_links(PAIR_AND_CHAIN, members=8)
    assert graph.row.tolist() == [1, 2, 3, 4, 7, 9]
    assert graph.degree.tolist() == [1, 2, 1, 1, 1, 0]
    assert graph.component.tolist() == [0, 0, 0, 1, 1, 2]
    assert graph.on_provider.tolist() == [True, False, False, False, False, True]
    assert (graph.members, graph.largest) == (8, 3)


def test_links_and_traffic_keep_together() -> None:
    graph = from_links(PAIR_AND_CHAIN, members=8)
    between = {
        tuple(sorted(graph.row[link])): flow for link, flow in zip(graph.links, graph.traffic, strict=True)
    }
    assert between == {(4, 7): 2, (1, 2): 1, (2, 3): 5}


def test_of_too_many_devices_the_best_linked_are_drawn_and_the_component_is_still_counted_in_full() -> None:
    star = network([(0, k, 1) for k in range(1, 8)] + [(8, 9, 1)])
    graph = from_links(star, members=10, most=3)
    assert len(graph) == 3
    assert graph.row[0] == 0
    assert graph.largest == 8
    assert (graph.links < 3).all()


def test_a_device_that_is_no_specialist_has_no_task() -> None:
    tasks = {0: 3, 1: 5}
    assert from_links(network([(0, 1, 1)], tasks), 2).task.tolist() == [3, 5]
    assert from_links(network([(0, 1, 1)], tasks, level=0.1), 2).task.tolist() == [-1, -1]


@pytest.mark.parametrize("rows", [[], [(0, -1, 0)]])
def test_a_network_without_links_between_devices_is_a_graph_too(rows: list[tuple[int, int, int]]) -> None:
    graph = from_links(network(rows), members=len(rows))
    assert graph.largest == 0
    assert layout.moment(graph).shape == (len(rows), 2)


def random_network(devices: int) -> pd.DataFrame:
    rng = np.random.default_rng(1)
    pairs = {
        tuple(sorted(pair))
        for pair in rng.integers(0, devices, (2 * devices, 2)).tolist()
        if pair[0] != pair[1]
    }
    return network([(a, b, 1) for a, b in sorted(pairs)] + [(k, -1, 0) for k in range(devices)])


def test_devices_stand_inside_the_disc_and_clear_of_the_provider() -> None:
    place = layout.moment(from_links(random_network(300), 300))
    far = np.hypot(*place.T)
    assert far.max() <= 1.0 + 1e-9
    assert far.min() >= layout.CLEAR - 1e-9


def test_the_largest_component_stands_inside_the_others() -> None:
    graph = from_links(PAIR_AND_CHAIN, members=8)
    far = np.hypot(*layout.moment(graph).T)
    assert far[graph.component == 0].max() < far[graph.component > 0].min()


def test_the_layout_is_always_the_same() -> None:
    graph = from_links(random_network(60), 60)
    assert (layout.moment(graph) == layout.moment(graph)).all()


def test_sectors_of_the_wheel_are_as_wide_as_they_have_devices_and_low_ranks_are_in_the_middle() -> None:
    group, rank = np.array([0] * 30 + [1] * 10), np.arange(40)
    place, middle = layout.wheel(group, rank)
    assert middle[0] == pytest.approx(np.pi / 2 - 0.75 * np.pi)
    far = np.hypot(*place.T)
    assert (np.diff(far[:30]) > 0).all()
    angle = (np.pi / 2 - np.arctan2(place[:, 1], place[:, 0])) % (2 * np.pi)  # clockwise from the top
    assert angle[:30].max() < 1.5 * np.pi < angle[30:].min()


def test_of_many_types_those_with_most_specialists_have_a_color() -> None:
    tasks = np.repeat(np.arange(22), np.arange(22))  # type j has j specialists
    colors = task_colors(22, [tasks, np.array([-1, -1])])
    assert sorted(colors) == list(range(15, 22))
    assert task_colors(3, []).keys() == {0, 1, 2}


def test_trade_adds_up_the_traffic_between_pairs_of_tasks() -> None:
    graph = from_links(network([(0, 1, 2), (2, 0, 3), (1, 2, 4)], {0: 0, 1: 1, 2: 1}), 3)
    found = {(row.task, row.other_task): row.traffic for row in trade(graph).itertuples()}
    assert found == {(0, 1): 5, (1, 1): 4}
