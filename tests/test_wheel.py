"""The package as it is installed, away from the source tree."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

USE = """
from pathlib import Path
import mesh_abm
from mesh_abm.calibration import calibrate

assert "installed" in Path(mesh_abm.__file__).parts, mesh_abm.__file__
assert sorted(mesh_abm.scenario_names()) == {names}
assert mesh_abm.Scenario.load("baseline").title
assert calibrate("central").fields()
result = mesh_abm.run("reference", seed=1, months=2, set={{"n_owners": 100}})
assert len(result.frame) == 3
"""


@pytest.fixture(scope="module")
def installed(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the wheel holds, as pip lays it out; of the dependencies, those of these tests are used."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=root, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "installed")
    return folder / "installed"


def test_the_wheel_holds_code_data_and_scenarios_only(installed: Path, root: Path) -> None:
    files = {path.relative_to(installed) for path in installed.rglob("*") if path.is_file()}
    inside = {path for path in files if path.parts[0] == "mesh_abm"}
    assert all(path.parts[0].endswith(".dist-info") for path in files - inside)
    assert Path("mesh_abm/py.typed") in inside
    assert {path.name for path in inside if path.parts[1] == "_runs"} == {
        path.name for path in (root / "runs").glob("*.toml")
    }
    kinds = {".py", ".typed", ".toml", ".csv", ".md", ".html", ".json", ".js", ".css", ".txt"}
    assert {path.suffix for path in inside} <= kinds
    client = Path("mesh_abm/laboratory/client")
    assert {
        client / "stage.js",
        client / "vendor/uPlot.iife.min.js",
        client / "vendor/uPlot.LICENSE.txt",
    } <= inside


def test_an_installed_package_runs_a_scenario_in_any_folder(
    installed: Path, root: Path, tmp_path: Path
) -> None:
    source = USE.format(names=sorted(path.stem for path in (root / "runs").glob("*.toml")))
    environment = os.environ | {"PYTHONPATH": str(installed)}
    done = subprocess.run(
        [sys.executable, "-c", source], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
