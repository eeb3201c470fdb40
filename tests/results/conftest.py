"""One small run that reaches all three moments, for the tests of results."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from mesh_abm.results import Result
from mesh_abm.results.card import read_card
from mesh_abm.results.provenance import file_hash
from mesh_abm.runs import run

SMALL = {"n_owners": 200, "initial_members": 0.5, "efficiency_growth": 0.2, "merit_spread": 0.5}


@pytest.fixture(scope="session")
def result() -> Result:
    """A run of 200 owners over 30 months, whose devices become better than the provider's."""
    return run("reference", seed=3, months=30, set=SMALL)


@pytest.fixture
def saved(result: Result, tmp_path: Path) -> Path:
    """The folder of `result`, without report."""
    return result.save(tmp_path / "saved", report=False)


@pytest.fixture(scope="session")
def _reported(result: Result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return result.save(tmp_path_factory.mktemp("reported") / "full")


@pytest.fixture
def full(_reported: Path, tmp_path: Path) -> Path:
    """The folder of `result` with its report."""
    return Path(shutil.copytree(_reported, tmp_path / "full"))


@pytest.fixture
def accept(saved: Path) -> Callable[[str], None]:
    """Have the card accept a changed file of the saved result, as if the run had come out so."""

    def update(name: str) -> None:
        card = read_card(saved)
        card.model_copy(update={"files": card.files | {name: file_hash(saved / name)}}).write(saved)

    return update


@pytest.fixture
def edit(saved: Path, accept: Callable[[str], None]) -> Callable[[str, Callable[[pd.DataFrame], None]], None]:
    """Change a table of the saved result, and have the card accept it."""

    def change(name: str, change_table: Callable[[pd.DataFrame], None]) -> None:
        table = pd.read_parquet(saved / name)
        change_table(table)
        table.to_parquet(saved / name, index=False)
        accept(name)

    return change
