"""The result folder: what is in it, and how it is written and read.

scenario.toml (resolved), series.parquet (a row a month), types.parquet (a row a month and type), devices.parquet
(the members at the end), network-<month>.parquet (at nucleation, crystallization and the end), report.html,
figures/*.csv (the data of each figure; theory.csv: every prediction beside the run), and last of all run.json, the run
card.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd

from mesh_abm.errors import ResultError
from mesh_abm.results import card, provenance
from mesh_abm.results.place import filling, refusal, write_table, write_text
from mesh_abm.results.result import Result

REPORT, FIGURES, THEORY = "report.html", "figures", "theory.csv"


def write(result: Result, folder: Path, *, report: bool = True) -> None:
    """Write all of `result` into the empty `folder`, the run card last."""
    write_text(folder / "scenario.toml", result.scenario.to_toml())
    for name, table in _tables(result).items():
        write_table(folder / name, table)
    if report:
        _write_report(result, folder)
    _card(result, folder).write(folder)


def load_result(folder: str | Path) -> Result:
    """The result in `folder`; raises ResultError if it is none, or if its files are not as they were written."""
    folder = Path(folder)
    return _read(folder, check_result(folder, derived=False))


def check_result(folder: Path, *, derived: bool = True) -> card.RunCard:
    """The card of the result in `folder`; ResultError if there is none, or if a file on it is missing or changed.

    Without `derived`, the report and its figures may be missing or changed.
    """
    checked = card.read_card(folder)
    for name, checksum in checked.files.items():
        path = folder / name
        if not derived and _is_derived(name):
            continue
        if not path.is_file():
            raise ResultError(f"{folder}: is not a whole result: {name} is missing")
        if provenance.file_hash(path) != checksum:
            raise ResultError(f"{folder}: is not a valid result: {name} was changed after it was written")
    return checked


def check_free(folder: Path, overwrite: bool = False) -> None:
    """Raise ResultError unless a result may be written there: nothing is there, or a result to `overwrite`."""
    try:
        taken = folder.exists()
    except OSError as error:  # such as a name that is too long
        raise ResultError(refusal(folder, error)) from error
    if taken and not folder.is_dir():
        raise ResultError(f"out = {folder}: is a file; must be a new or an empty folder")
    if not folder.is_dir() or not any(folder.iterdir()):
        return
    if not (folder / card.NAME).exists():
        raise ResultError(f"out = {folder}: holds other files; must be a new or an empty folder")
    if not overwrite:
        raise ResultError(
            f"out = {folder}: already holds a result; must be a new or an empty folder (--overwrite replaces it)"
        )
    _check_nothing_foreign(folder)


def rebuild_report(folder: Path) -> Path:
    """Make the report and figures of a result again from its files, and return the report's path.

    The whole folder is replaced in one step, so that card and report always fit each other.
    """
    result, old = load_result(folder), card.read_card(folder)
    kept = [name for name in old.files if not _is_derived(name)]
    with filling(folder, replacing=True) as partial:
        shutil.copytree(
            folder, partial, dirs_exist_ok=True, ignore=shutil.ignore_patterns(FIGURES, REPORT, card.NAME)
        )
        _write_report(result, partial)
        names = sorted(kept + [name for name in _names(partial) if _is_derived(name)])
        checksums = {name: provenance.file_hash(partial / name) for name in names}
        old.model_copy(update={"files": checksums}).write(partial)
    return folder / REPORT


def _tables(result: Result) -> dict[str, pd.DataFrame]:
    networks = {f"network-{month}.parquet": network for month, network in result.snapshots.values()}
    return {
        "series.parquet": result.frame,
        "types.parquet": result.types,
        "devices.parquet": result.last_devices,
    } | networks


def _read(folder: Path, checked: card.RunCard) -> Result:
    try:
        tables = {name: pd.read_parquet(folder / name) for name in checked.files if name.endswith(".parquet")}
        moments = {
            name: (month, tables[f"network-{month}.parquet"]) for name, month in checked.moments.items()
        }
        series, types, devices = (tables[f"{name}.parquet"] for name in ("series", "types", "devices"))
    except (OSError, ValueError, KeyError) as error:
        raise ResultError(f"{folder}: is not a whole result: {error}") from error
    return Result(checked.scenario(), series, types, devices, moments, own_rules=checked.own_rules)


def _card(result: Result, folder: Path) -> card.RunCard:
    """The card of `result`, whose other files are in `folder`."""
    return card.RunCard(
        seed=result.seed,
        months=result.months,
        parameters=card.parameters_of(result.scenario),
        own_rules=result.own_rules,
        moments={name: month for name, (month, _) in result.snapshots.items()},
        versions=provenance.versions(),
        code=provenance.code_hash(),
        data=provenance.data_hash(),
        fingerprint=card.Fingerprints(exact=result.fingerprint, digits9=result.fingerprint9),
        files={name: provenance.file_hash(folder / name) for name in _names(folder)},
    )


def _names(folder: Path) -> list[str]:
    """The files in `folder` and below, but for the card."""
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())
    return sorted(name for name in found if name != card.NAME)


def _check_nothing_foreign(folder: Path) -> None:
    """Raise ResultError if the folder holds anything that overwriting a result would lose."""
    foreign = [name for name in _names(folder) if name not in card.read_card(folder).files]
    if foreign:
        raise ResultError(
            f"out = {folder}: holds a file that is not of the result: {foreign[0]}; move it away first"
        )


def _is_derived(name: str) -> bool:
    return name == REPORT or name.startswith(f"{FIGURES}/")


def _write_report(result: Result, folder: Path) -> None:
    """The report and the data of its figures."""
    from mesh_abm import figures, fits, report

    drawn = figures.all_figures(result)
    write_text(folder / REPORT, report.build(result, drawn))
    (folder / FIGURES).mkdir()
    fits_table = fits.table(result.fits).to_csv(index=False, lineterminator="\n")
    write_text(folder / FIGURES / THEORY, fits_table)
    for figure in drawn:
        table = figure.data.to_csv(index=False, lineterminator="\n")
        write_text(folder / FIGURES / f"{figure.name}.csv", table)
