"""The network is kept at exactly the months that the phases name."""

from __future__ import annotations

import math
from functools import partial

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from mesh_abm.model import MeshModel
from mesh_abm.phases import phases
from mesh_abm.results import Result
from mesh_abm.results.moments import Moments, annotated_links

SHARES = st.lists(st.sampled_from([0.0, 0.05, 0.06, 0.5, 0.6, math.nan]), min_size=1, max_size=12)


def network_of(month: int) -> pd.DataFrame:
    """A stand-in for the network of a month that can be told from others."""
    return pd.DataFrame({"month": [month]})


@given(SHARES)
def test_moments_are_the_months_of_the_phases(shares: list[float]) -> None:
    moments, last = Moments(), len(shares) - 1
    for month, share in enumerate(shares):
        moments.see(month, share, partial(network_of, month))
    kept = moments.snapshots(last, partial(network_of, last))
    frame = pd.DataFrame({"month": range(last + 1), "s_inf": shares, "market_share": math.nan})
    assert {name: month for name, (month, _) in kept.items()} == phases(frame) | {"end": last}
    assert all(network["month"].item() == month for month, network in kept.values())


def test_copies_are_taken_only_when_it_may_be_a_moment() -> None:
    taken: list[int] = []

    def copy(month: int) -> pd.DataFrame:
        taken.append(month)
        return network_of(month)

    moments = Moments()
    for month, share in enumerate([0.0, 0.1, 0.0, 0.1, 0.2, 0.3, 0.6, 0.7, 0.4, 0.7]):
        moments.see(month, share, partial(copy, month))
    assert taken == [1, 3, 6]


def test_the_run_reaches_its_moments_in_order(result: Result) -> None:
    months = {name: month for name, (month, _) in result.snapshots.items()}
    assert list(months) == ["nucleation", "crystallization", "end"]
    assert 0 < months["nucleation"] < months["crystallization"] < months["end"] == 30


def test_links_tell_what_their_ends_do() -> None:
    model = MeshModel(n_owners=60, population="fixed", kernel="uniform", rng=1)
    model.run_for(6)
    links, devices = annotated_links(model), model.device_frame().set_index("row")
    assert {"source", "target", "traffic"} < set(links.columns)
    assert len(links) == len(model.links_frame()) > 100
    for link in links.itertuples():
        assert link.source_task == devices.loc[link.source, "dominant"]
        assert link.source_specialization == devices.loc[link.source, "specialization"]
        if link.target == -1:
            assert link.target_task == -1
            assert math.isnan(link.target_specialization)
        else:
            assert link.target_task == devices.loc[link.target, "dominant"]
            assert link.target_specialization == devices.loc[link.target, "specialization"]
