"""Compiled code is never older than the sources it was made from."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from mesh_abm.kernels import PACKAGE, source_hash

STEP = "from mesh_abm.model import MeshModel; m = MeshModel(rng=1, n_owners=60); m.run_for(3); print(m.fingerprint())"


def stepped(folder: Path) -> str:
    return subprocess.run(
        [sys.executable, "-c", STEP], cwd=folder, check=True, capture_output=True, text=True
    ).stdout


def test_a_change_of_an_inlined_function_reaches_the_kernels_of_other_files(tmp_path: Path) -> None:
    shutil.copytree(PACKAGE, tmp_path / "mesh_abm", ignore=shutil.ignore_patterns("__pycache__", "figures"))
    before = stepped(tmp_path)
    assert before == stepped(tmp_path), "kept code gives the same bits"
    streams = tmp_path / "mesh_abm" / "streams.py"
    streams.write_text(streams.read_text().replace("0xBF58476D1CE4E5B9", "0xBF58476D1CE4E5BB"))
    assert stepped(tmp_path) != before


def test_the_hash_sees_every_file_that_kernels_are_made_of(tmp_path: Path) -> None:
    shutil.copytree(PACKAGE, tmp_path / "copy", ignore=shutil.ignore_patterns("__pycache__"))
    assert source_hash(tmp_path / "copy") == source_hash()
    for name in ("streams.py", "rules/offers.py", "measures/snapshot.py"):
        changed = tmp_path / "copy" / name
        changed.write_text(changed.read_text() + "# changed\n")
        assert source_hash(tmp_path / "copy") != source_hash()
        shutil.copy(PACKAGE / name, tmp_path / "copy" / name)
