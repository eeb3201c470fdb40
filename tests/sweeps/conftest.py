"""What the tests of sweeps share: a small plan, and its store filled without interruption."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mesh_abm.sweeps import Plan, Store, sweep

SMALL: dict[str, Any] = {
    "scenario": "reference",
    "months": 6,
    "replicates": 2,
    "seed": 3,
    "vary": {"churn": [0.02, 0.1], "n_owners": [40, 60]},
}


@pytest.fixture
def keys() -> dict[str, Any]:
    """The keys of a plan of eight small runs."""
    return {**SMALL, "vary": dict(SMALL["vary"])}


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The store of that plan, filled in this process without interruption."""
    return sweep(Plan(**SMALL), tmp_path_factory.mktemp("sweep") / "store", engine="local")


def parts(folder: Path) -> dict[str, bytes]:
    """Name -> bytes of the part files in a store."""
    return {path.name: path.read_bytes() for path in (folder / "runs").glob("*.parquet")}
