"""The picture of a month: the model's own links, tasks and loads, and places that stay."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesh_abm import Scenario
from mesh_abm.laboratory import frame as picture
from mesh_abm.laboratory.layout import CLEAR, LONGEST, RIM, ROUNDS, Layout
from mesh_abm.laboratory.world import World, client_spec
from mesh_abm.network import PROVIDER
from mesh_abm.state import IDLE
from tests.laboratory.client import columns

SLACK = 1e-5  # of single precision


def world(months: int = 30, **fields: object) -> World:
    small = {"n_owners": 200, "population": "fixed", "seed": 5} | fields
    made = World(Scenario.load("reference").replace(**small))
    for _ in range(months):
        made.step()
    return made


def drawn(of: World) -> tuple[dict[str, object], dict[str, np.ndarray]]:
    frame = of.frame()
    return frame.meta, columns(frame.meta, frame.buffer)


def test_links_and_devices_are_the_models() -> None:
    w = world()
    meta, data = drawn(w)
    model = w.model
    assert data["id"].tolist() == model.state.members.tolist()
    ends = data["id"][data["ends"].reshape(-1, 2)]
    links = model.links_frame().query("target >= 0")
    assert sorted(map(tuple, ends.tolist())) == sorted(zip(links["source"], links["target"], strict=True))
    shown = dict(zip(map(tuple, ends.tolist()), data["weight"].tolist(), strict=True))
    assert all(shown[a, b] == min(t, 255) for a, b, t in links.itertuples(index=False))
    idle = model.state.task[model.state.members] == IDLE
    assert np.array_equal(data["color"] == picture.IDLE_COLOR, idle)
    main = model.state.shares[model.state.members].argmax(axis=1)
    assert np.array_equal(data["color"][~idle], main[~idle])
    assert np.array_equal(data["hub"], (model.network.slots[model.state.members] == PROVIDER).sum(axis=1))
    busiest = (model.state.load + model.state.relayed)[model.state.members].argmax()
    assert data["size"][busiest] == data["size"].max() > 0
    assert meta["members"] == meta["shown"] == 200


def test_the_map_has_the_shares_of_work() -> None:
    w = world(n_owners=150)
    meta, data = drawn(w)
    rows, types = meta["heat"]  # type: ignore[misc]
    assert (rows, types) == (150, 8)
    heat = data["heat"].reshape(rows, types)
    assert np.allclose(heat.sum(axis=1), 255, atol=4)
    assert np.all(np.diff(heat.argmax(axis=1)) >= 0)
    shares = np.sort(w.model.state.shares[w.model.state.members].max(axis=1))
    assert np.allclose(np.sort(heat.max(axis=1)), 255 * shares, atol=1)


def test_more_devices_than_rows_are_averaged() -> None:
    meta, data = drawn(world(months=3, n_owners=900))
    assert meta["heat"] == [picture.HEAT_ROWS, 8]
    assert np.allclose(data["heat"].reshape(-1, 8).sum(axis=1), 255, atol=4)


def test_of_many_members_always_the_same_sample_is_shown_and_the_caption_says_so() -> None:
    w = world(months=2, n_owners=6_000, churn=0.0)
    meta, data = drawn(w)
    assert meta["shown"] == data["id"].size == picture.SAMPLE
    assert "the picture shows a fixed sample of 2,000 of them" in str(meta["caption"])
    w.step()
    assert np.array_equal(drawn(w)[1]["id"], data["id"])
    assert data["ends"].max() < picture.SAMPLE


def test_five_thousand_members_are_all_shown() -> None:
    meta, data = drawn(world(months=1, n_owners=picture.MOST, churn=0.0))
    assert meta["shown"] == data["id"].size == picture.MOST
    assert "sample" not in str(meta["caption"])


def test_places_move_a_little_at_a_time() -> None:
    w = world(months=10)
    before = dict(
        zip(drawn(w)[1]["id"].tolist(), w.layout.place[w.model.state.members].tolist(), strict=True)
    )
    for _ in range(5):
        w.step()
        drawn(w)
        now = {row: w.layout.place[row].tolist() for row in before}
        assert all(
            np.hypot(*(np.array(now[row]) - before[row])) <= ROUNDS * LONGEST + SLACK for row in before
        )
        before = now


def test_looking_changes_nothing() -> None:
    looked, not_looked = world(months=0), world(months=0)
    for _ in range(12):
        looked.step()
        looked.frame()
        looked.device_lines(3)
        not_looked.step()
    assert looked.model.fingerprint() == not_looked.model.fingerprint()


@given(st.integers(0, 400), st.integers(0, 900), st.integers(0, 2**31))
@settings(max_examples=40, deadline=None)
def test_devices_stay_in_the_disc_and_off_the_provider(n: int, links: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows = np.sort(rng.choice(500, n, replace=False)).astype(np.int32)
    ends = rng.integers(0, max(n, 1), (links if n else 0, 2)).astype(np.int32)
    place = Layout(500).move(rows, ends, rounds=6)
    far = np.hypot(place[:, 0], place[:, 1])
    assert place.shape == (n, 2)
    assert np.all((far >= CLEAR - SLACK) & (far <= RIM + SLACK))


def test_the_client_is_told_of_every_value() -> None:
    w = world(months=1)
    spec = client_spec([w])
    assert len(spec["keys"]) == len(set(spec["keys"])) == drawn(w)[1]["values"].size
    assert {chart["id"] for chart in spec["charts"]} >= set(spec["panels"]) - {"network", "heat"}
    assert "difference" not in spec["panels"]
    assert "difference" in client_spec([w, w.fork()])["panels"]


@pytest.mark.parametrize("members", [0.0, 1.0])
def test_an_empty_mesh_and_a_full_one_can_be_drawn(members: float) -> None:
    w = world(
        months=0, population="adoption", initial_members=members, churn=1.0, innovation=0.0, contagion=0.0
    )
    for _ in range(3):
        drawn(w)
        w.step()
    meta, data = drawn(w)
    assert meta["shown"] == data["id"].size == w.model.members.size
