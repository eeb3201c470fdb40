"""`mesh-abm compare` and `switches`: what a what-if changes, on the same random numbers."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mesh_abm.cli.run import DEFAULT_PLACE, WIDTH, stopping_cleanly

if TYPE_CHECKING:
    import pandas as pd

COMPARE_EXAMPLE = "Example: mesh-abm compare reference price-war --seeds 16"
SWITCHES_EXAMPLE = "Example: mesh-abm switches reference --seeds 8"

Seeds = Annotated[int, typer.Option(metavar="N", min=2, help="Seeds 1 to N, the same for every scenario.")]
Settings = Annotated[
    list[str] | None, typer.Option("--set", metavar="FIELD=VALUE", help="Change a field of all of them.")
]
Months = Annotated[
    int | None, typer.Option(metavar="N", min=1, help="Months to run; left out: the scenarios' own.")
]
Workers = Annotated[
    int | None, typer.Option(metavar="N", min=1, help="Processes; left out: one for each core.")
]
Out = Annotated[Path | None, typer.Option(metavar="DIR", help="New folder; left out: one in runs/out.")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace what DIR holds of the same kind.")]


def compare(
    scenarios: Annotated[
        list[str],
        typer.Argument(metavar="A B [C]...", help="Names or files of scenarios; the first is compared with."),
    ],
    seeds: Seeds = 16,
    months: Months = None,
    settings: Settings = None,
    workers: Workers = None,
    out: Out = None,
    overwrite: Overwrite = False,
) -> None:
    """Compare scenarios on the same seeds: what differs, by how much, and whether it is more than noise."""
    from mesh_abm.cli.progress import counting_bar
    from mesh_abm.comparison import compare as run_comparison
    from mesh_abm.comparison import folder as place
    from mesh_abm.scenario import Scenario

    loaded = [Scenario.load(name).with_settings(settings or []) for name in scenarios]
    folder = out or DEFAULT_PLACE / ("compare-" + "-".join(Path(name).stem for name in scenarios))
    place.check_free(folder, overwrite or out is None)
    named = [one.replace(title=Path(name).stem) for one, name in zip(loaded, scenarios, strict=True)]
    with stopping_cleanly(), counting_bar("compare", seeds) as bar:
        found = run_comparison(
            *named,
            seeds=seeds,
            months=months,
            workers=workers,
            progress=lambda done, total: bar.at(done, total, ""),
        )
        place.save(found, folder, overwrite or out is None)
    for text in found.sentences():
        typer.echo("\n" + textwrap.fill(text, WIDTH, break_long_words=False, break_on_hyphens=False))
    typer.echo(f"\n{folder / place.REPORT}")


def switches(
    scenario: Annotated[
        str, typer.Argument(metavar="[SCENARIO]", help="Name or file of a scenario; left out: reference.")
    ] = "reference",
    seeds: Seeds = 16,
    months: Months = None,
    settings: Settings = None,
    workers: Workers = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE.csv", help="Where the table goes; left out: runs/out/switches-*.csv."),
    ] = None,
) -> None:
    """Switch each causal link of the model off in turn and tabulate what that changes, on the same seeds.

    docs/what-if.md lists the links with the fields that cut them; those that the scenario has off already are left out.
    """
    from mesh_abm.cli.progress import counting_bar
    from mesh_abm.comparison.switches import switch_table
    from mesh_abm.results.place import write_beside
    from mesh_abm.scenario import Scenario

    base = Scenario.load(scenario).with_settings(settings or [])
    file = out or DEFAULT_PLACE / f"switches-{Path(scenario).stem}.csv"
    with stopping_cleanly(), counting_bar("switches", seeds) as bar:
        table = switch_table(
            base,
            seeds=seeds,
            months=months,
            workers=workers,
            progress=lambda done, total: bar.at(done, total, ""),
        )
    write_beside(file, table.to_csv(index=False, float_format="%.9g"))
    _print(table, months or base.months)
    typer.echo(f"\n{file}")


def _print(table: pd.DataFrame, months: int) -> None:
    from mesh_abm.cli.switch_tables import print_switches
    from mesh_abm.cli.tables import stdout

    print_switches(stdout(), table, months)
