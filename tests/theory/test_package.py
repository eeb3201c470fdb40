"""The package as a whole: light to import, alone, and documented by examples that are true."""

from __future__ import annotations

import ast
import doctest
import importlib
from collections.abc import Callable
from pathlib import Path

import pytest

import mesh_abm.theory as theory

FOLDER = Path(theory.__file__).parent
MODULES = sorted(
    p.relative_to(FOLDER).with_suffix("").as_posix().replace("/", ".") for p in FOLDER.rglob("*.py")
)
NAMES = [name.removesuffix("__init__").rstrip(".") for name in MODULES]


def test_import_is_light(fresh_python: Callable[[str], str]) -> None:
    source = """
import sys, mesh_abm.theory
print(*(m for m in ("mesa", "numba", "scipy", "networkx", "pandas", "numpy.random") if m in sys.modules))
from mesh_abm.theory import percolation, condensation, potts, ces, thresholds, diffusion, epidemics, equilibrium
from mesh_abm.theory import learning_curve, adoption, bandwidth, growth, spectral
print(*(m for m in ("mesa", "numba", "scipy.sparse", "scipy.optimize", "networkx", "pandas") if m in sys.modules))
"""
    assert fresh_python(source).split("\n")[:2] == ["", ""]


def test_submodules_load_on_first_use(fresh_python: Callable[[str], str]) -> None:
    source = "import mesh_abm.theory as t; print(t.percolation.giant_component(0.5), 'potts' in dir(t))"
    assert fresh_python(source).strip() == "0.0 True"
    with pytest.raises(AttributeError, match="astrology"):
        _ = theory.astrology


@pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.py")), ids=lambda p: p.name)
def test_imports_nothing_of_the_simulation(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("mesh_abm"):
            assert node.module.startswith("mesh_abm.theory"), node.module
        if isinstance(node, ast.Import):
            assert not any(alias.name.startswith("mesh_abm") for alias in node.names)


@pytest.mark.parametrize("name", [name for name in NAMES if name])
def test_examples(name: str) -> None:
    module = importlib.import_module(f"mesh_abm.theory.{name}")
    assert doctest.testmod(module).failed == 0
    for public in (x for x in vars(module).values() if getattr(x, "__module__", None) == module.__name__):
        assert public.__name__.startswith("_") or public.__doc__, public.__name__
