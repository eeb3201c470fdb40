"""The lab: sizes, fixed random numbers, runs that are made once and shared."""

from __future__ import annotations

import pandas as pd

from mesh_abm import Scenario, run
from mesh_abm.claims.lab import Lab
from mesh_abm.engines import LocalProcesses
from mesh_abm.model import MeshModel

SMALL = Scenario(n_owners=60, months=6)


def members_at_the_end(model: MeshModel) -> int:
    return len(model.members)


def test_a_run_is_the_run_of_that_seed() -> None:
    second = Lab().runs(SMALL, 2)[1]
    assert second.seed == 2
    pd.testing.assert_frame_equal(second.frame, run(SMALL, seed=2).frame)


def test_runs_are_shared_between_claims() -> None:
    lab = Lab()
    first = lab.runs(SMALL, 2)
    assert [again is before for again, before in zip(lab.runs(SMALL, 3), first, strict=False)] == [True, True]


def test_changes_make_other_runs() -> None:
    lab = Lab()
    plain, changed = lab.runs(SMALL, 1)[0], lab.runs(SMALL, 1, changes={"churn": 0.5})[0]
    assert not plain.frame.equals(changed.frame)


def test_a_probe_sees_the_model_at_the_end() -> None:
    seen = Lab().runs(SMALL, 1, probe=members_at_the_end)[0]
    assert seen.seen == seen.frame["members"].iloc[-1]


def test_workers_find_what_this_process_finds() -> None:
    with LocalProcesses(2) as engine:
        there = Lab(engine=engine).runs(SMALL, 2)
    for one, other in zip(there, Lab().runs(SMALL, 2), strict=True):
        pd.testing.assert_frame_equal(one.frame, other.frame)
        pd.testing.assert_frame_equal(one.types, other.types)


def test_sizes_and_random_numbers_are_fixed() -> None:
    assert Lab(fast=True).size(fast=3, full=30) == 3
    assert Lab().size(fast=3, full=30) == 30
    assert Lab().rng(4, 2).random() == Lab(fast=True).rng(4, 2).random()
    assert Lab().rng(4, 2).random() != Lab().rng(4, 3).random()
