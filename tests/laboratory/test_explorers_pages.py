"""What the pages keep for a visitor: the running network of the phase explorer, the experiments of the claims page."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from mesh_abm.claims.claim import Verdict
from mesh_abm.laboratory.explorers.ledger import LOOKS, Runs
from mesh_abm.laboratory.explorers.phase import PANELS, Explorer
from mesh_abm.laboratory.world import client_spec


def until(done: Callable[[], Any], seconds: float = 60.0) -> None:
    """Wait for something to come."""
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_slider_moves_the_running_network_and_what_is_given_once_begins_anew() -> None:
    told: list[int] = []
    explorer = Explorer(lambda meta, buffers: None, lambda: told.append(1))
    explorer.world.step()
    explorer.go("merit", 1.5)
    assert explorer.point.merit == 1.5
    assert [(shock.month, shock.kind) for shock in explorer.world.scenario.shocks] == [(2, "merit")]
    assert explorer.world.month == 1
    explorer.go("merit_spread", 1.0)
    assert explorer.world.month == 0
    assert explorer.world.scenario.shocks == ()
    assert explorer.world.scenario.classes[0].merit == 1.5
    explorer.begin()
    assert explorer.world.scenario.merit_spread == 1.0
    assert len(told) >= 3


def test_a_hostile_value_is_refused_in_a_sentence_and_changes_nothing() -> None:
    explorer = Explorer(lambda meta, buffers: None, lambda: None)
    for value in ("<script>", float("nan"), -1, 1e9, None, [1]):
        explorer.go("churn", value)
        assert explorer.refusal.startswith("churn = ")
        assert explorer.point.churn == 0.05
    assert explorer.refusals == 6
    explorer.go("churn", 0.1)
    assert explorer.refusal == ""


def test_the_stage_of_the_phase_explorer_has_few_panels() -> None:
    explorer = Explorer(lambda meta, buffers: None, lambda: None)
    spec = client_spec(explorer.runner.worlds, PANELS)
    assert spec["panels"] == PANELS
    assert {chart["id"] for chart in spec["charts"]} == set(PANELS) - {"network"}


def test_one_experiment_at_a_time_for_each_visitor() -> None:
    runs = Runs(lambda: None)
    runs.run("P2")
    until(lambda: runs.job is not None and runs.job.says)
    runs.run("E2")
    assert runs.id == "P2"
    runs.cancel()
    until(lambda: not runs.running)
    assert runs.found == runs.failed == {}
    runs.run("E2")
    until(lambda: "E2" in runs.found)
    runs.run("none such")
    until(lambda: "none such" in runs.failed)
    runs.leave()


def test_every_verdict_has_a_look() -> None:
    assert set(LOOKS) == set(Verdict)
