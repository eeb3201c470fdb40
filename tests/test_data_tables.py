"""The shipped tables: whole, with known sources; the fits that README.md there gives; no figure typed into a rule."""

from __future__ import annotations

import ast
import csv
import math
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import mesh_abm
from mesh_abm.calibration import fits
from mesh_abm.calibration.mixes import mix, mix_names
from mesh_abm.calibration.steps import KINDS
from mesh_abm.calibration.tables import TABLES, raw, table
from mesh_abm.errors import ScenarioError

DATA = Path(mesh_abm.__file__).parent / "data"
CODE = Path(mesh_abm.__file__).parent / "calibration"


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a table, read without the project."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_fits_are_those_of_the_readme() -> None:
    assert -fits.wright_dram().slope == pytest.approx(0.96, abs=0.005)
    assert fits.wright_dram().error == pytest.approx(0.04, abs=0.005)
    assert fits.wright_hbm().slope == pytest.approx(0.17, abs=0.005)
    assert fits.bandwidth_efficiency() == pytest.approx(0.64, abs=0.005)
    quartiles = fits.home_benchmarks()["bandwidth_efficiency"].quantile([0.25, 0.75])
    assert list(quartiles) == pytest.approx([0.58, 0.74], abs=0.01)
    for bandwidth in (60, 250, 1000):  # the README leaves out two points; its law and ours agree within 5%
        assert math.exp(fits.speed_from_bandwidth().at(math.log(bandwidth))) == pytest.approx(
            0.252 * bandwidth**0.894, rel=0.05
        )
    ratios = fits.boards().set_index("board")["ratio"]
    for board, ratio in (
        ("2024-06-24", 0.67),
        ("2024-08-31", 0.73),
        ("2024-11-25", 0.87),
        ("2025-04-25", 0.90),
        ("2026-01-08", 0.81),
    ):
        assert ratios[f"livebench_{board}"] == pytest.approx(ratio, abs=0.005)
    votes = dict(fits.device_preferred())
    assert (min(votes.values()), max(votes.values())) == (
        pytest.approx(0.29, abs=0.005),
        pytest.approx(0.40, abs=0.005),
    )


def test_every_shipped_mix_sums_to_one_and_an_unknown_one_is_refused() -> None:
    assert len(mix_names()) == 8
    for name in mix_names():
        assert sum(mix(name).values()) == pytest.approx(1, abs=1e-9)
    with pytest.raises(
        ScenarioError, match=r"mix = 'chatgpt_consumer_2024'.*did you mean 'chatgpt_consumer_2025'"
    ):
        mix("chatgpt_consumer_2024")


ALLOWED = {0, 1, 2, 1000, 3.6e6, 8}
"""Literals of the rules: identities, kilo, joules in a kWh, and the 8B model that speeds are given on."""


def literals(path: Path) -> Iterator[tuple[int, float]]:
    """Line and value of each number in a file of code, those in its texts left out."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and type(node.value) in (int, float):
            yield node.lineno, node.value


@pytest.mark.parametrize(
    "name", ["prices", "devices", "quality", "learning", "provider", "population", "mixes"]
)
def test_rules_type_in_no_figures(name: str) -> None:
    assert [found for found in literals(CODE / f"{name}.py") if found[1] not in ALLOWED] == []


def test_tables_are_whole_and_their_sources_known() -> None:
    known = {row["key"] for row in rows("sources")}
    sizes = dict(re.findall(r"^\| (\w+)\.csv \| ([\d ]+) \|", raw("README.md"), flags=re.MULTILINE))
    assert set(sizes) == set(TABLES) == {path.stem for path in DATA.glob("*.csv")}
    for name, size in sizes.items():
        assert len(table(name)) == len(rows(name)) == int(size.replace(" ", ""))
        for row in rows(name) if name != "sources" else []:
            assert row["kind"] in KINDS
            assert set(row["source"].split(";")) <= known


def test_terms_of_every_source_are_stated() -> None:
    stated = set(re.findall(r"^\| `(\w+)` \|", raw("LICENSES.md"), flags=re.MULTILINE))
    assert stated == {row["key"] for row in rows("sources")}


def test_data_folder_names_no_machine() -> None:
    for path in DATA.iterdir():
        if path.suffix in (".md", ".csv"):
            assert not re.search(r"(^|[\s`(])/(work|root|home|tmp|opt)/", path.read_text("utf-8")), path.name
