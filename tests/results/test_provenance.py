"""Hashes of code and data see every change that could change a run."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from mesh_abm import __version__
from mesh_abm.results import provenance


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of one module and one table in place of the real one."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "links.py").write_text("x = 1\n")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "prices.csv").write_text("price\n1\n")
    monkeypatch.setattr(provenance, "PACKAGE", tmp_path)
    return tmp_path


def test_the_hash_of_code_sees_content_names_and_new_files(package: Path) -> None:
    seen = [provenance.code_hash()]
    (package / "rules" / "links.py").write_text("x = 2\n")
    seen.append(provenance.code_hash())
    (package / "rules" / "links.py").rename(package / "links.py")
    seen.append(provenance.code_hash())
    (package / "empty.py").touch()
    seen.append(provenance.code_hash())
    assert len(set(seen)) == 4


def test_the_hash_of_code_is_not_of_caches_and_data(package: Path) -> None:
    before = provenance.code_hash()
    (package / "links.cpython-311.pyc").touch()
    (package / "data" / "prices.csv").write_text("price\n2\n")
    assert provenance.code_hash() == before


def test_the_hash_of_data_sees_a_changed_table(package: Path) -> None:
    before = provenance.data_hash()
    (package / "data" / "prices.csv").write_text("price\n2\n")
    assert provenance.data_hash() != before


def test_the_hash_of_a_file_is_its_sha256(package: Path) -> None:
    expected = hashlib.sha256(b"x = 1\n").hexdigest()
    assert provenance.file_hash(package / "rules" / "links.py") == expected


def test_the_version_is_that_of_the_package() -> None:
    assert provenance.versions()["mesh_abm"] == __version__
    assert len(list(provenance.PACKAGE.rglob("*.py"))) > 50
