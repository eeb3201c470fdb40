"""`mesh-abm analyze`: what a sweep says, as a table, a figure and a CSV file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mesh_abm.cli.run import stopping_cleanly

if TYPE_CHECKING:
    import pandas as pd

    from mesh_abm.analysis import Reading
    from mesh_abm.figures.calibration.drawing import Drawing

ANALYZE_EXAMPLE = (
    "Example: mesh-abm analyze phase my-sweep --x churn --y link_failure --measure s_inf --out phase"
)
PHASE_EXAMPLE = "Example: mesh-abm analyze phase my-sweep --x churn --y classes.all.merit --out phase"
RESPONSE_EXAMPLE = (
    "Example: mesh-abm analyze response my-sweep --x churn --measure s_inf --fix n_owners=300 --out curve"
)
SENSITIVITY_EXAMPLE = (
    "Example: mesh-abm analyze sensitivity my-sweep --measure s_inf --method pawn --out sensitivity"
)
TORNADO_EXAMPLE = """Example: mesh-abm analyze tornado my-tornado --measure s_inf --out tornado

The runs come from a plan of `mesh-abm analyze plan-tornado`."""
PLAN_EXAMPLE = """Example: mesh-abm analyze plan-tornado baseline --months 60 --replicates 4 --plan tornado.toml

then: mesh-abm sweep tornado.toml --store my-tornado"""
TIPPING_EXAMPLE = """Example: mesh-abm analyze tipping reference --field churn --low 0.01 --high 0.3 --level 0.5 \
--sizes 200,400 --months 60 --store evaluations --out tipping"""

app = typer.Typer(help="What a sweep says: table, figure, CSV.", epilog=ANALYZE_EXAMPLE, no_args_is_help=True)

StoreFolder = Annotated[Path, typer.Argument(metavar="STORE", help="The folder of a sweep's store.")]
Out = Annotated[Path, typer.Option(metavar="DIR", help="New folder for figure (SVG, PNG) and table (CSV).")]
Measure = Annotated[str, typer.Option(metavar="NAME", help="The measure, such as s_inf.")]
Last = Annotated[int, typer.Option(metavar="N", help="Mean over so many last months.")]
Month = Annotated[int | None, typer.Option(metavar="N", help="The value in this month instead.")]
Above = Annotated[
    float | None, typer.Option(metavar="X", help="The first month with the measure at X or more instead.")
]
Fix = Annotated[
    list[str] | None,
    typer.Option("--fix", metavar="FIELD=VALUE", help="Only runs with this value; may be repeated."),
]


@app.command(epilog=PHASE_EXAMPLE)
def phase(
    store: StoreFolder,
    x: Annotated[str, typer.Option(metavar="FIELD", help="The field across.")],
    y: Annotated[str, typer.Option(metavar="FIELD", help="The field upwards.")],
    out: Out,
    measure: Measure = "s_inf",
    last: Last = 12,
    month: Month = None,
    above: Above = None,
    fix: Fix = None,
) -> None:
    """A map of a measure over two fields, with the measured and the predicted threshold of the mesh."""
    from mesh_abm.analysis.pictures import phase_diagram
    from mesh_abm.sweeps import open_store

    _free(out)
    _finish(
        phase_diagram.draw(open_store(store), x, y, _reading(measure, last, month, above), fixed=_fixed(fix)),
        out,
    )


@app.command(epilog=RESPONSE_EXAMPLE)
def response(
    store: StoreFolder,
    x: Annotated[str, typer.Option(metavar="FIELD", help="The field that the measure responds to.")],
    out: Out,
    measure: Measure = "s_inf",
    last: Last = 12,
    month: Month = None,
    above: Above = None,
    fix: Fix = None,
) -> None:
    """The mean of a measure for each value of a field, with its 95 % interval."""
    from mesh_abm.analysis import response as respond
    from mesh_abm.analysis.pictures.response import draw
    from mesh_abm.sweeps import open_store

    _free(out)
    reading = _reading(measure, last, month, above)
    _finish(draw(respond(open_store(store), x, reading, fixed=_fixed(fix)), reading), out)


@app.command(epilog=SENSITIVITY_EXAMPLE)
def sensitivity(
    store: StoreFolder,
    out: Out,
    measure: Measure = "s_inf",
    method: Annotated[
        str, typer.Option(help="delta, pawn, rbd_fast; or sobol (a store of sampler saltelli).")
    ] = "delta",
    last: Last = 12,
    month: Month = None,
    above: Above = None,
) -> None:
    """Which of the fields that vary together the measure depends on."""
    from mesh_abm.analysis import sensitivity as analyze
    from mesh_abm.analysis.pictures.sensitivity import draw
    from mesh_abm.sweeps import open_store

    _free(out)
    reading = _reading(measure, last, month, above)
    _finish(draw(analyze(open_store(store), reading, method), reading, method), out)  # type: ignore[arg-type]


@app.command(epilog=TORNADO_EXAMPLE)
def tornado(
    store: StoreFolder,
    out: Out,
    measure: Measure = "s_inf",
    last: Last = 12,
    month: Month = None,
    above: Above = None,
) -> None:
    """How far each field, moved alone to the ends of its range, moves the measure."""
    from mesh_abm.analysis import tornado as swings
    from mesh_abm.analysis.pictures.tornado import draw
    from mesh_abm.sweeps import open_store

    _free(out)
    reading = _reading(measure, last, month, above)
    _finish(draw(swings(open_store(store), reading), reading), out)


@app.command("plan-tornado", epilog=PLAN_EXAMPLE)
def plan_tornado(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="Name or file of the base.")],
    plan: Annotated[Path, typer.Option(metavar="FILE.toml", help="New file for the plan.")],
    fields: Annotated[
        str | None, typer.Option(metavar="A,B,..", help="Fields to move; left out: all with a range.")
    ] = None,
    ranges: Annotated[
        list[str] | None,
        typer.Option("--range", metavar="FIELD=LOW:HIGH", help="A range of one's own; may be repeated."),
    ] = None,
    months: Annotated[int | None, typer.Option(metavar="N", help="Months of a run.")] = None,
    replicates: Annotated[int, typer.Option(metavar="N", help="Runs of each point.")] = 4,
    seed: Annotated[int, typer.Option(metavar="N", help="Seed of the plan.")] = 1,
) -> None:
    """Write the plan of a tornado; print each field's range, what it rests on, and what is left out and why."""
    from mesh_abm.analysis import AnalysisError, documented_ranges, tornado_plan
    from mesh_abm.results.place import write_beside
    from mesh_abm.scenario import Scenario

    if plan.exists():
        raise AnalysisError(f"plan = {plan}: is there already; must be a new file")
    given = dict(_range(text) for text in ranges or [])
    names = None if fields is None else [name.strip() for name in fields.split(",")]
    made = tornado_plan(scenario, names, given, months=months, replicates=replicates, seed=seed)
    _print(documented_ranges(Scenario.load(scenario), names, given))
    write_beside(plan, made.to_toml())
    typer.echo(f"{plan}: {len(made.points)} points, {replicates} replicates each")


@app.command(epilog=TIPPING_EXAMPLE)
def tipping(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="Name or file of a scenario.")],
    field: Annotated[str, typer.Option(metavar="FIELD", help="The field that is moved.")],
    low: Annotated[float, typer.Option(metavar="X", help="Its lowest value.")],
    high: Annotated[float, typer.Option(metavar="X", help="Its highest value.")],
    out: Out,
    measure: Measure = "s_inf",
    level: Annotated[float, typer.Option(metavar="X", help="The level that the measure passes.")] = 0.5,
    sizes: Annotated[str, typer.Option(metavar="N,N,..", help="Numbers of owners.")] = "250,500,1000",
    replicates: Annotated[int, typer.Option(metavar="N", help="Searches for each size.")] = 8,
    steps: Annotated[int, typer.Option(metavar="N", help="How often the range is halved.")] = 8,
    months: Annotated[int | None, typer.Option(metavar="N", help="Months of a run.")] = None,
    last: Last = 12,
    month: Month = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="FIELD=VALUE", help="Change a field of the scenario; may be repeated."),
    ] = None,
    seed: Annotated[int, typer.Option(metavar="N", help="Seed of the search.")] = 1,
    engine: Annotated[str, typer.Option(help="local, process or dask.")] = "local",
    workers: Annotated[int | None, typer.Option(metavar="N", min=1, help="Worker processes.")] = None,
    scheduler: Annotated[str | None, typer.Option(metavar="ADDRESS", help="Of a Dask scheduler.")] = None,
    store: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Keeps every evaluation: the search can be gone on with."),
    ] = None,
) -> None:
    """The value of a field at which a measure passes a level, by bisection, for several sizes."""
    from mesh_abm.analysis import flips
    from mesh_abm.analysis.pictures.tipping import draw
    from mesh_abm.cli.progress import counting_bar
    from mesh_abm.scenario import Scenario

    _free(out)
    reading = _reading(measure, last, month, None)
    length = [] if months is None else [f"months={months}"]
    base = Scenario.load(scenario).with_settings([*(settings or []), *length])
    with stopping_cleanly(), counting_bar("tipping", None) as bar:
        found = flips(
            base, field, low, high, measure=reading, level=level, sizes=_sizes(sizes), replicates=replicates,
            steps=steps, seed=seed, engine=engine, workers=workers, scheduler=scheduler, store=store,
            progress=lambda done, total: bar.at(done, total, f"round {done} of {total}"),
        )  # fmt: skip
    _finish(draw(found, field, reading, level), out)


def _reading(measure: str, last: int, month: int | None, above: float | None) -> Reading:
    from mesh_abm.analysis import Reading

    return Reading(measure, last, month, above)


def _fixed(texts: list[str] | None) -> dict[str, Any]:
    from mesh_abm.analysis import AnalysisError
    from mesh_abm.settings import parse_value

    fixed = {}
    for text in texts or []:
        name, equals, value = text.partition("=")
        if not (equals and name.strip() and value.strip()):
            raise AnalysisError(f"fix {text}: must be written field=value, such as n_owners=300")
        fixed[name.strip()] = parse_value(value)
    return fixed


def _range(text: str) -> tuple[str, tuple[float, float]]:
    from mesh_abm.analysis import AnalysisError

    name, _, ends = text.partition("=")
    try:
        low, high = (float(end) for end in ends.split(":"))
    except ValueError:
        raise AnalysisError(
            f"range {text}: must be written field=low:high, such as churn=0.02:0.17"
        ) from None
    return name.strip(), (low, high)


def _sizes(text: str) -> list[int]:
    from mesh_abm.analysis import AnalysisError

    try:
        return sorted({int(part) for part in text.split(",")})
    except ValueError:
        raise AnalysisError(f"sizes = {text}: must be whole numbers with commas, such as 250,500") from None


def _free(out: Path) -> None:
    """Raise AnalysisError unless `out` is free, before anything is computed."""
    from mesh_abm.analysis import AnalysisError

    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise AnalysisError(f"out = {out}: holds something already; must be a new or an empty folder")


def _finish(drawing: Drawing, out: Path) -> None:
    """Write figure and table, whole or not at all, then print table and sentence."""
    from mesh_abm.results.place import filling

    with stopping_cleanly(), filling(out) as partial:
        for name, content in drawing.files().items():
            (partial / name).write_bytes(content)
    _print(drawing.data)
    typer.echo(f"\n{drawing.sentence}\n{out}")


def _print(table: pd.DataFrame) -> None:
    typer.echo(table.to_string(index=False, float_format=lambda value: f"{value:.4g}", na_rep="-"))
