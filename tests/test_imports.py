"""Imports: light where that is promised, and in one direction."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

import mesh_abm

HEAVY = ("mesa", "numba", "matplotlib")

# From the bottom up; whatever no group names is below them all. A module may use its own group and those below.
GROUPS: list[tuple[str, ...]] = [
    ("mesh_abm.model",),
    (
        "mesh_abm.runs",
        "mesh_abm.results",
        "mesh_abm.fits",
        "mesh_abm.figures",
        "mesh_abm.summary",
        "mesh_abm.report*",
    ),
    ("mesh_abm.analysis", "mesh_abm.claims", "mesh_abm.comparison", "mesh_abm.sweeps"),
    ("mesh_abm.laboratory",),
    ("mesh_abm.cli", "visualization"),
]


def level(module: str) -> int:
    """The group of a module: 0 below all, then one more for each of GROUPS."""
    for place, names in enumerate(GROUPS, start=1):
        if any(fnmatchcase(module, name) or fnmatchcase(module, f"{name}.*") for name in names):
            return place
    return 0


def module_name(path: Path, root: Path) -> str:
    """The dotted name of a source file."""
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def is_type_checking(node: ast.AST) -> bool:
    """Whether this is `if TYPE_CHECKING:`, whose imports never happen."""
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def imported(tree: ast.AST, package: str) -> Iterator[str]:
    """The modules that code imports when it runs, in functions too; `package` is that of the code."""
    for node in ast.iter_child_nodes(tree):
        if is_type_checking(node):
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)
        yield from imported(node, package)


def imports_of(root: Path, folder: str) -> dict[str, set[str]]:
    """Module -> modules it imports, for all modules in a folder."""
    found = {}
    for path in sorted((root / folder).rglob("*.py")):
        name = module_name(path, root)
        package = name if path.name == "__init__.py" else name.rpartition(".")[0]
        found[name] = set(imported(ast.parse(path.read_text("utf-8")), package))
    return found


def test_the_reader_of_imports_reads_them() -> None:
    code = "import a.b\ndef f():\n    from .c import d\nif TYPE_CHECKING:\n    import e\n"
    assert set(imported(ast.parse(code), "p.q")) == {"a.b", "p.q.c", "p.q.c.d"}


@pytest.mark.parametrize("module", ["mesh_abm", "mesh_abm.theory", "mesh_abm.theory.percolation"])
def test_importing_it_loads_nothing_heavy(module: str, fresh_python: Callable[[str], str]) -> None:
    loaded = set(fresh_python(f"import sys, {module}; print(*sys.modules)").split())
    assert module in loaded
    assert not loaded.intersection(HEAVY)


def test_all_of_the_theory_is_light(root: Path, fresh_python: Callable[[str], str]) -> None:
    modules = ", ".join(imports_of(root, "mesh_abm/theory"))
    assert not set(fresh_python(f"import sys, {modules}; print(*sys.modules)").split()).intersection(HEAVY)


def test_every_public_name_loads() -> None:
    assert [name for name in mesh_abm.__all__ if getattr(mesh_abm, name, None) is None] == []
    assert set(mesh_abm.__all__) <= set(dir(mesh_abm))


def test_public_names_are_the_same_for_type_checkers() -> None:
    tree = ast.parse(Path(mesh_abm.__file__).read_text("utf-8"))
    block = next(node for node in tree.body if is_type_checking(node))
    names = {
        alias.name for node in ast.walk(block) if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    assert names == set(mesh_abm.__all__) - {"__version__"}


def test_an_unknown_public_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'MeshModle'"):
        mesh_abm.MeshModle  # noqa: B018


@pytest.mark.parametrize("folder", ["mesh_abm", "visualization"])
def test_imports_point_one_way(folder: str, root: Path) -> None:
    upward = [
        f"{module} imports {other}"
        for module, others in imports_of(root, folder).items()
        if module != "mesh_abm"  # the public names, loaded on demand
        for other in others
        if level(other) > level(module)
    ]
    assert upward == []


def test_the_theory_stands_alone(root: Path) -> None:
    foreign = [
        f"{module} imports {other}"
        for module, others in imports_of(root, "mesh_abm/theory").items()
        for other in others
        if other.startswith("mesh_abm") and not other.startswith("mesh_abm.theory")
    ]
    assert foreign == []


def test_rules_do_not_know_what_is_measured(root: Path) -> None:
    knowing = [
        f"{module} imports {other}"
        for module, others in imports_of(root, "mesh_abm/rules").items()
        for other in others
        if other.startswith(("mesh_abm.measures", "mesh_abm.scenario_files"))
    ]
    assert knowing == []
