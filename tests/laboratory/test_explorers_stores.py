"""The sweep viewer: stores of one folder by name, drawn by the analysis; broken ones are a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from mesh_abm import sweep
from mesh_abm.analysis import phase
from mesh_abm.errors import UserError
from mesh_abm.laboratory.explorers import stores
from mesh_abm.laboratory.explorers.stores import Choice
from mesh_abm.laboratory.serving import STORES
from mesh_abm.sweeps import open_store

PLAN = {
    "scenario": "reference", "months": 3, "replicates": 2, "set": {"n_owners": 60},
    "vary": {"churn": [0.02, 0.1], "link_failure": [0.05, 0.2], "kernel": ["fitness"]},
}  # fmt: skip


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a whole store, one without a run, a broken one, and other things."""
    folder = tmp_path_factory.mktemp("stores")
    sweep(PLAN, folder / "whole", engine="local")
    for name in ("empty", "broken"):
        sweep(PLAN | {"vary": {"churn": [0.02]}, "replicates": 1}, folder / name, engine="local")
    (folder / "empty" / "journal.jsonl").write_bytes(b"")
    (folder / "broken" / "journal.jsonl").write_text("no journal\n")
    (folder / "other").mkdir()
    (folder / "note.txt").write_text("no store")
    return folder


@pytest.fixture
def served(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder, as the server was started with it."""
    monkeypatch.setenv(STORES, str(shelf))
    return shelf


def test_only_stores_directly_under_the_folder_are_listed(served: Path) -> None:
    found = {one.name: one for one in stores.listed()}
    assert list(found) == ["broken", "empty", "whole"]
    assert found["whole"].says == "8 of 8 runs done"
    assert found["empty"].says == "0 of 1 runs done"
    assert found["broken"].broken
    assert "damaged" in found["broken"].says
    assert str(served) not in found["broken"].says
    assert stores.nothing_to_show() == ""


def test_without_stores_one_sentence_says_how_to_make_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(STORES, raising=False)
    assert stores.listed() == []
    assert "mesh-abm sweep" in stores.nothing_to_show()
    for place in (tmp_path, tmp_path / "missing"):
        monkeypatch.setenv(STORES, str(place))
        assert stores.listed() == []
        assert "mesh-abm sweep" in stores.nothing_to_show()


@pytest.mark.parametrize("name", ["../whole", "/etc", "other", "", "whole/", "note.txt", "whole\0"])
def test_what_is_not_in_the_list_cannot_be_opened(served: Path, name: str) -> None:
    with pytest.raises(UserError, match=r"^store = .*: must be one of the list"):
        stores.opened(name)
    assert stores.version(name) == (0, 0)


def test_what_is_drawn_is_the_analysis_of_the_store(served: Path) -> None:
    store = open_store(served / "whole")
    assert stores.fields_to_draw(store) == ["churn", "link_failure"]
    assert "s_inf" in stores.measures_to_draw(store)
    figure = stores.drawn("whole", Choice("phase", "churn", "link_failure", "condensate", last=2))
    reading = stores.Reading("condensate", last=2)
    assert figure.data.equals(phase(store, "churn", "link_failure", reading))
    assert figure.kind == "svg"
    curve = stores.drawn("whole", Choice("response", "churn", "", "s_inf"))
    assert curve.data["churn"].tolist() == [0.02, 0.1]


@pytest.mark.parametrize(
    ("name", "choice", "said"),
    [
        ("whole", Choice("phase", "churn", "churn", "s_inf"), "y = churn: must be another field"),
        ("whole", Choice("phase", "churn", "nonsense", "s_inf"), "y = nonsense: must be a field"),
        ("whole", Choice("response", "kernel", "", "s_inf"), "x = kernel: must be a field of numbers"),
        ("whole", Choice("response", "churn", "", "<script>"), "measure = '<script>': must be a measure"),
        ("empty", Choice("response", "churn", "", "s_inf"), "holds no run that is done"),
        ("broken", Choice("response", "churn", "", "s_inf"), "damaged"),
    ],
)
def test_what_cannot_be_drawn_is_one_clear_line(served: Path, name: str, choice: Choice, said: str) -> None:
    with pytest.raises(UserError, match=said):
        stores.drawn(name, choice)


@pytest.mark.parametrize("last", [0, -1, 10**9, 1.5, True])
def test_a_number_of_months_out_of_range_is_refused(last: object) -> None:
    with pytest.raises(UserError, match=r"^last = .*: must be"):
        Choice("phase", "churn", "link_failure", "s_inf", last)  # type: ignore[arg-type]


def test_a_store_in_the_making_tells_when_a_run_is_added(served: Path) -> None:
    before = stores.version("whole")
    assert before[0] > 0
    with (served / "whole" / "journal.jsonl").open("ab") as file:
        file.write(b"{")  # a line that is being written
    assert stores.version("whole") != before
    assert stores.listed()[-1].says == "8 of 8 runs done"
