"""A place is filled whole or not at all."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

import pytest

from mesh_abm.errors import ResultError
from mesh_abm.results.place import filling, uninterrupted, write_text


def tree(folder: Path) -> set[str]:
    """Everything in a folder and below."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def fill(target: Path, *, fail: BaseException | None = None, replacing: bool = False) -> None:
    """Write the file `new` into a place, then fail if told to."""
    with filling(target, replacing=replacing) as partial:
        write_text(partial / "new", "1")
        if fail is not None:
            raise fail


def test_what_is_written_appears_all_at_once(tmp_path: Path) -> None:
    target = tmp_path / "some" / "deep" / "place"
    with filling(target) as partial:
        write_text(partial / "new", "1")
        assert not target.exists()
    assert tree(tmp_path) == {"some", "some/deep", "some/deep/place", "some/deep/place/new"}
    assert (target / "new").read_text() == "1"


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "place").mkdir()
    fill(tmp_path / "place")
    assert tree(tmp_path) == {"place", "place/new"}


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit, MemoryError])
def test_after_an_exception_nothing_is_left(tmp_path: Path, error: type[BaseException]) -> None:
    with pytest.raises(error):
        fill(tmp_path / "some" / "place", fail=error())
    assert tree(tmp_path) == set()


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A place that holds something already."""
    (tmp_path / "place").mkdir()
    (tmp_path / "place" / "old").touch()
    return tmp_path / "place"


def test_after_an_exception_what_was_to_be_replaced_is_still_there(old: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        fill(old, fail=KeyboardInterrupt(), replacing=True)
    assert tree(old.parent) == {"place", "place/old"}


def test_replacing_leaves_nothing_of_the_old(old: Path) -> None:
    fill(old, replacing=True)
    assert tree(old.parent) == {"place", "place/new"}


def test_a_failed_replacement_puts_the_old_back(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rename = Path.rename

    def refuse(self: Path, target: Path) -> Path:
        if self.suffix == ".partial":
            raise OSError(5, "Input/output error")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(ResultError, match="Input/output error"):
        fill(old, replacing=True)
    assert tree(old.parent) == {"place", "place/old"}


def test_without_replacing_nothing_is_overwritten(old: Path) -> None:
    with pytest.raises(ResultError, match="not empty"):
        fill(old)
    assert tree(old.parent) == {"place", "place/old"}


def test_an_unwritable_place_is_found_before_anything_is_done(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ResultError) as caught, filling(tmp_path / "file" / "place"):
        pytest.fail("the block must not run")
    line = str(caught.value)
    assert str(tmp_path / "file" / "place") in line
    assert "must be a folder that can be made" in line
    assert "\n" not in line


def test_a_link_to_a_folder_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    fill(tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert tree(tmp_path / "real") == {"new"}


def test_errors_of_other_files_do_not_blame_the_place(tmp_path: Path) -> None:
    with pytest.raises(ResultError, match=r"^/nowhere/table\.csv: No such file"):
        fill(tmp_path / "place", fail=FileNotFoundError(2, "No such file or directory", "/nowhere/table.csv"))


def test_a_broken_pipe_is_no_fault_of_the_place(tmp_path: Path) -> None:
    with pytest.raises(BrokenPipeError):
        fill(tmp_path / "place", fail=BrokenPipeError())
    assert tree(tmp_path) == set()


def test_ctrl_c_waits_for_the_end_of_an_uninterrupted_block() -> None:
    done = []

    def interrupt() -> None:
        os.kill(os.getpid(), signal.SIGINT)
        done.append("block")

    with pytest.raises(KeyboardInterrupt), uninterrupted():
        interrupt()
    assert done == ["block"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_ctrl_c_while_it_is_put_in_place_leaves_it_whole(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rename = Path.rename

    def interrupted(self: Path, target: Path) -> Path:
        os.kill(os.getpid(), signal.SIGINT)
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        fill(old, replacing=True)
    assert tree(old.parent) == {"place", "place/new"}


def test_it_works_in_other_threads_too(tmp_path: Path) -> None:
    thread = threading.Thread(target=fill, args=(tmp_path / "place",))
    thread.start()
    thread.join()
    assert tree(tmp_path) == {"place", "place/new"}
