"""What a visitor does to a run: it stays the run that Python would make, and refusals are one sentence."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from mesh_abm import run
from mesh_abm.laboratory import limits
from mesh_abm.laboratory.charts import WATCHED, series_keys
from mesh_abm.laboratory.limits import LimitError, Limits
from mesh_abm.laboratory.link import read
from mesh_abm.laboratory.session import Session
from mesh_abm.laboratory.watch import export
from tests.laboratory.client import Client, laboratory_threads, wait_until

SMALL = "scenario=reference&seed=3&set=n_owners=120&set=initial_members=0.5"


@pytest.fixture
def client() -> Client:
    return Client()


@pytest.fixture
def session(client: Client) -> Iterator[Session]:
    session = Session(SMALL, client.send, client.notify)
    client.runner = session.runner
    session.runner.start()
    session.runner.hear({"type": "ready"})
    yield session
    session.runner.stop()
    wait_until(lambda: not laboratory_threads())


def go_to(session: Session, client: Client, month: int) -> None:
    """Run to a month and wait until it is on the screen."""
    session.runner.run_to(month)
    wait_until(
        lambda: bool(client.frames()) and client.frames()[-1]["month"] == month and not session.runner.busy
    )


def same_as_python(session: Session, month: int) -> None:
    """Assert that the worlds are the runs that Python makes of the link's scenarios."""
    setup = read(session.query())
    assert setup.month == month
    scenarios = [setup.build(), setup.build_other()][: len(session.runner.worlds)]
    for world, scenario in zip(session.runner.worlds, scenarios, strict=True):
        result = run(scenario, months=month)
        assert result.frame.equals(world.series())


def test_changes_shocks_and_a_fork_stay_what_python_runs(session: Session, client: Client) -> None:
    session.set_field("churn", 0.05)
    go_to(session, client, 6)
    session.shock("price", 0.5, 4)
    session.set_field("link_failure", 0.2)
    go_to(session, client, 10)
    session.fork()
    session.shock("hubs", 0.25)
    session.set_field("contagion", 1.5)
    go_to(session, client, 16)
    assert session.status().error is None
    assert session.status().worlds == 2
    assert session.setup.fork == 10
    assert [shock.month for shock in session.setup.shocks] == [7, 7]
    assert [shock.month for shock in session.setup.then] == [11, 11]
    same_as_python(session, 16)
    frames = [world.series() for world in session.runner.worlds]
    assert frames[0].iloc[:11].equals(frames[1].iloc[:11])
    assert not frames[0].equals(frames[1])


def test_a_link_opened_by_another_visitor_shows_the_same(session: Session, client: Client) -> None:
    go_to(session, client, 5)
    session.fork()
    session.shock("capacity", 0.1)
    go_to(session, client, 9)
    other = Client()
    second = Session(session.query(), other.send, other.notify)
    other.runner = second.runner
    second.runner.start()
    second.runner.hear({"type": "ready"})
    try:
        wait_until(lambda: len(other.frames(1)) > 0 and other.frames(1)[-1]["month"] == 9)
        for world in (0, 1):
            ours, theirs = client.last("history", world)[1], other.last("history", world)[1]
            assert np.array_equal(ours["values"], theirs["values"], equal_nan=True)
            mine, yours = client.last("frame", world), other.last("frame", world)
            for column in ("id", "color", "ends", "weight", "values", "heat"):
                assert np.array_equal(mine[1][column], yours[1][column], equal_nan=True), column
    finally:
        second.runner.stop()


def test_a_what_if_that_changes_nothing_differs_by_exactly_nothing(session: Session, client: Client) -> None:
    go_to(session, client, 4)
    session.fork()
    session.shock("price", 1.0)
    go_to(session, client, 12)
    keys = series_keys(WATCHED)
    _, columns = client.last("history", world=1)
    values = columns["values"].reshape(-1, len(keys))
    differences = values[5:, [k for k, key in enumerate(keys) if key.startswith("less_")]]
    assert differences.shape == (8, 5)
    assert np.all(differences[~np.isnan(differences)] == 0)
    assert not np.isnan(differences[:, 0]).any()


def test_the_values_on_the_screen_are_the_measures(session: Session, client: Client) -> None:
    go_to(session, client, 8)
    frame = run(read(session.query()).build(), months=8).frame
    meta, columns = client.last("frame")
    values = dict(zip(series_keys(WATCHED), columns["values"], strict=True))
    for key in (
        "share_mesh",
        "s_inf",
        "s_inf_theory",
        "condensate",
        "hub_share",
        "specialization",
        "provider_price",
    ):
        assert np.array_equal(values[key], np.float32(frame[key].iloc[-1]), equal_nan=True), key
    assert meta["members"] == frame["members"].iloc[-1] == columns["id"].size
    assert values["membership"] == np.float32(frame["members"].iloc[-1] / 120)


def test_what_counts_from_the_start_waits_for_reset(session: Session, client: Client) -> None:
    go_to(session, client, 3)
    session.set_field("n_owners", 80)
    assert session.status().stale
    assert session.value("n_owners") == 80
    assert session.runner.worlds[0].scenario.n_owners == 120
    same_as_python(session, 3)  # the link is to what is on the screen, not to what Reset will bring
    session.reset()
    wait_until(lambda: client.frames()[-1]["month"] == 0)
    assert not session.status().stale
    assert session.runner.worlds[0].scenario.n_owners == 80


def test_a_parameter_taken_back_waits_no_more(session: Session, client: Client) -> None:
    go_to(session, client, 3)
    session.set_field("n_owners", 80)
    session.set_field("n_owners", 120)
    assert not session.status().stale


def test_a_fork_and_shocks_in_mid_run_keep_both_worlds_at_one_month(session: Session, client: Client) -> None:
    session.runner.set_pace(30)
    session.runner.play()
    wait_until(lambda: bool(client.frames()) and client.frames()[-1]["month"] >= 3)
    for _ in range(5):
        session.shock("price", 0.9)
        assert session.status().error is None
    session.fork()
    one, two = session.runner.look(lambda worlds: (worlds[0].month, worlds[1].month))
    assert one == two == session.setup.fork
    session.set_field("churn", 0.2)
    go_to(session, client, one + 4)
    same_as_python(session, one + 4)


def test_a_link_to_a_fork_opens_at_once_and_parts_on_its_way(client: Client) -> None:
    session = Session(f"{SMALL}&fork=9&then=set,11,churn=0.2&month=14", client.send, client.notify)
    client.runner = session.runner
    assert session.runner.worlds[0].month == 0
    session.runner.start()
    session.runner.hear({"type": "ready"})
    wait_until(lambda: bool(client.frames(1)) and client.frames(1)[-1]["month"] == 14)
    wait_until(lambda: not session.runner.busy)
    same_as_python(session, 14)
    session.runner.stop()


@pytest.mark.parametrize("typed", ["", "abc", "-5", "1e9", "٣", "99999999999", "<b>3</b>"])
def test_what_is_no_whole_number_is_refused_in_words(session: Session, typed: str) -> None:
    session.reseed(typed)
    assert str(session.status().error).startswith(f"seed = '{typed}': must be a whole number from 0 to")
    session.run_to(typed)
    assert str(session.status().error).startswith(f"month = '{typed}': must be a whole number from 0 to")
    session.press(session.runner.pause)
    assert session.status().error is None


def test_a_month_that_is_past_is_refused_in_words(session: Session, client: Client) -> None:
    go_to(session, client, 3)
    session.run_to("3")
    assert session.status().error == "month = 3: must be after month 3, which has been run"


def test_reset_keeps_parameters_and_drops_shocks(session: Session, client: Client) -> None:
    go_to(session, client, 3)
    session.set_field("churn", 0.2)
    go_to(session, client, 4)
    session.set_field("churn", 0.1)
    session.shock("price", 2.0)
    session.reset()
    assert session.value("churn") == 0.1
    assert session.setup.shocks == ()
    assert session.setup.build().churn == 0.1


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("churn", 7, "churn = 7"),
        ("churn", float("nan"), "churn"),
        ("n_owners", 10**7, "this server grants at most 20,000"),
        ("nonsense", 1, "'nonsense': must be a parameter of the model"),
        ("based_on", "/etc/passwd", "'based_on': must be a parameter"),
        ("kernel", "<script>", "kernel = '<script>'"),
    ],
)
@pytest.mark.parametrize("month", [0, 2])
def test_a_refused_change_is_one_sentence_and_changes_nothing(
    session: Session, client: Client, field: str, value: object, said: str, month: int
) -> None:
    if month:
        go_to(session, client, month)
    before = session.query()
    session.set_field(field, value)
    error = session.status().error
    assert error is not None
    assert said in error
    assert "\n" not in error
    assert session.query() == before
    session.set_field("churn", 0.07)
    assert session.status().error is None
    go_to(session, client, month + 2)
    same_as_python(session, month + 2)


def test_a_bad_link_is_said_and_the_page_works() -> None:
    client = Client()
    session = Session("scenario=nope", client.send, client.notify)
    error = session.status().error
    assert error is not None
    assert error.startswith("This link cannot be opened: scenario = 'nope'")
    assert session.setup.scenario == "reference"


def test_the_last_month_granted_is_a_sentence(
    session: Session, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "limits", lambda: Limits(months=5))
    for module in ("runner", "world"):
        monkeypatch.setattr(f"mesh_abm.laboratory.{module}.limits", lambda: Limits(months=5))
    session.runner.set_pace(1000)
    session.runner.play()
    wait_until(lambda: session.status().error is not None)
    assert session.status().month == 5
    assert "runs of 5 months" in str(session.status().error)
    assert not session.runner.busy
    session.reset()
    wait_until(lambda: client.frames()[-1]["month"] == 0)
    assert session.status().error is None


def test_a_defect_in_a_month_is_a_sentence_and_the_page_goes_on(
    session: Session, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_to(session, client, 2)
    monkeypatch.setattr(session.runner.worlds[0].model, "step", lambda: 1 / 0)
    session.runner.step()
    wait_until(lambda: session.status().error is not None)
    assert session.status().error == "The run stopped in month 2: ZeroDivisionError: division by zero"
    session.reset()
    go_to(session, client, 3)
    assert session.status().error is None


def test_a_hidden_tab_does_not_run_on(session: Session, client: Client) -> None:
    go_to(session, client, 2)
    client.hidden = True
    session.runner.set_pace(1000)
    session.runner.play()
    wait_until(lambda: client.frames()[-1]["month"] == 3)
    seen = len(client.frames())
    session.runner.hear({"type": "nonsense"})
    session.runner.hear({"type": "ack", "t": "x"})
    assert len(client.frames()) == seen
    client.show()
    wait_until(lambda: client.frames()[-1]["month"] > 10)
    session.runner.pause()


def test_downloads_are_the_run_on_the_screen(session: Session, client: Client) -> None:
    import io
    import tomllib
    import zipfile

    import pandas as pd

    go_to(session, client, 6)
    expected = session.runner.worlds[0].series()
    assert pd.read_parquet(io.BytesIO(export.parquet(session))).equals(expected)
    read_back = pd.read_csv(io.BytesIO(export.csv(session)))
    assert np.allclose(read_back["members"], expected["members"].astype(float))
    scenario = tomllib.loads(export.toml(session).decode())
    assert scenario["months"] == 6
    assert scenario["seed"] == 3
    with zipfile.ZipFile(io.BytesIO(export.folder(session))) as bundle:
        names = bundle.namelist()
        assert "as-it-is/report.html" in names
        assert "as-it-is/run.json" in names
        assert bundle.read("as-it-is-figures/shares.svg").startswith(b"<svg")
        assert pd.read_parquet(io.BytesIO(bundle.read("as-it-is/series.parquet"))).equals(expected)


def test_a_scenario_larger_than_granted_is_refused() -> None:
    with pytest.raises(LimitError, match="n_owners = 1,000,000"):
        read("scenario=large")
