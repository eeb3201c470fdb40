"""What is remembered of a device, and what that says of its role."""

from __future__ import annotations

import copy

import numpy as np
import pytest

from mesh_abm import MeshModel, why
from mesh_abm.state import IDLE
from tests.why.watched import model_of


def remembered(model: MeshModel, until: int, **keywords) -> tuple[why.Recorder, dict[int, list[tuple]]]:
    """A recorder that saw so many months, and what a plain list remembers of every row."""
    recorder, seen = why.Recorder(model, **keywords), {}
    for month in range(until + 1):
        if month:
            model.step()
        recorder.see(model)
        state = model.state
        for row in model.members.tolist():
            entry = (model.month, int(state.spell[row]), int(state.task[row]), state.thresholds[row].copy(),
                     state.shares[row].copy(), int(state.load[row]))  # fmt: skip
            seen.setdefault(row, []).append(entry)
    return recorder, seen


def test_a_past_is_the_present_membership_as_it_was() -> None:
    model = model_of("dense", 4)
    recorder, seen = remembered(model, 30)
    renewed = 0
    for row in model.members.tolist():
        past, spell = recorder.past(row), int(model.state.spell[row])
        own = [entry for entry in seen[row] if entry[1] == spell]
        renewed += len(own) < len(seen[row])
        assert past.months.tolist() == [entry[0] for entry in own]
        assert past.task.tolist() == [entry[2] for entry in own]
        assert past.load.tolist() == [entry[5] for entry in own]
        assert past.thresholds == pytest.approx(np.array([entry[3] for entry in own]), rel=1e-3)
        assert past.shares == pytest.approx(np.array([entry[4] for entry in own]), rel=1e-3, abs=1e-6)
        assert past.whole
        assert past.joined == model.state.joined[row]
    assert renewed > 10, "some rows had earlier memberships, which are forgotten"


def test_only_the_last_months_are_kept_and_that_is_said() -> None:
    model = model_of("dense", 4)
    recorder, seen = remembered(model, 20, months=8, rows=np.array([5, 3, 150]))
    old = [row for row in (3, 5, 150) if len(seen[row]) == 21 and model.state.spell[row] == seen[row][0][1]]
    assert old
    past = recorder.past(old[0])
    assert past.months.tolist() == list(range(13, 21))
    assert not past.whole
    assert "what it did is remembered from month 13 on" in why.role(past).sentences()[0]
    with pytest.raises(why.WhyError, match="device 4: is not one of the 3 that are remembered"):
        recorder.past(4)


def test_a_copied_recorder_goes_on_by_itself() -> None:
    model = model_of("dense", 4)
    recorder, _ = remembered(model, 3)
    other = copy.deepcopy(recorder)
    model.step()
    other.see(model)
    row = int(np.flatnonzero(model.state.member & (model.state.joined < 3))[0])
    assert (recorder.past(row).months[-1], other.past(row).months[-1]) == (3, 4)


def test_who_left_has_no_past() -> None:
    model = model_of("dense", 4)
    recorder, _ = remembered(model, 2)
    model.state.member[7] = False
    recorder.see(model)
    assert recorder.past(7).months.size == 0
    assert why.role(recorder.past(7)).sentences() == ["Device 7 has not had a month to work in yet."]


def past_by_hand(tasks, thresholds, shares, load, signal, joined=1) -> why.Past:
    t = len(tasks)
    return why.Past(
        17, joined, True, ("code", "speech"), 2.0, np.arange(joined, joined + t, dtype=np.int32),
        np.array(tasks, np.int8), np.array(load, np.int32), np.full(t, 200, np.float32), np.full(t, 900, np.float32),
        np.array(thresholds, np.float16), np.array(shares, np.float16), np.full((t, 2), signal, np.float16),
    )  # fmt: skip


def test_a_role_is_the_story_of_tasks_and_thresholds() -> None:
    past = past_by_hand(
        [IDLE, 0, IDLE, 1, 1], [(1, 1), (0.75, 1), (1, 1.25), (1.25, 1), (1.5, 0.5)],
        [(0.5, 0.5), (0.5, 0.5), (0.5, 0.5), (0.375, 0.625), (0.25, 0.75)], [0, 0, 0, 2, 3], 0.5,
    )  # fmt: skip
    role = why.role(past)
    assert (role.first, role.last_switch, role.switches) == ((0, 2), (0, 1, 4), 1)
    assert (role.main, role.on_main, role.answers, role.idle) == (1, 2, 5, 2)
    assert role.chance == pytest.approx(0.5)  # signal and threshold agree
    assert role.sentences() == [
        "Device 17 became a member in month 1. Its first task was code, in month 2.",
        "Now it works on speech; it was idle in 2 of 5 months.",
        "It changed its task once in month 4, from code to speech.",
        "Its main work is speech: 2 months, 5 answers. Its threshold for it fell from 1.0 to 0.50: practice makes it "
        "easier to take up. The part of its effort that goes there went from 50% to 75%. Its mean threshold for all "
        "else went from 1.0 to 1.5.",
        "Calls for speech that nobody answers reach it at strength 0.50, against a threshold of 0.50: a chance of 50% "
        "to respond to them next month.",
    ]


def test_a_device_that_served_nobody_has_no_main_work() -> None:
    past = past_by_hand([IDLE, IDLE], [(1, 1), (1, 0.5)], [(0.5, 0.5)] * 2, [0, 0], 0, joined=3)
    assert why.role(past).sentences() == [
        "Device 17 became a member in month 3. It has taken up no task since.",
        "It is idle now; it was idle in 2 of 2 months.",
        "It hears no call for speech now, so it is not drawn to it next month.",
    ]


def test_the_chance_of_a_role_is_that_of_the_model() -> None:
    model = model_of("dense", 4)
    recorder, _ = remembered(model, 12)
    for row in model.members.tolist():
        role = why.role(recorder.past(row))
        chances = model.device_at(row).response()
        assert role.chance == pytest.approx(chances[role.main], rel=5e-3, abs=1e-6)
        assert role.now == model.device_at(row).task
