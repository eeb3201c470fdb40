"""What a visitor can take home: the series, the scenario, and the whole result with report and figures.

All of it is made in memory or in a folder that is gone at once; nothing a visitor types names a file.
"""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from mesh_abm.figures import all_figures
from mesh_abm.laboratory.session import Session
from mesh_abm.runs import run
from mesh_abm.scenario import Scenario

NAMES = ("as-it-is", "what-if")


def series(session: Session) -> pd.DataFrame:
    """Return every measure, a row a month, of each world (column `world` where there are two)."""
    frames = session.runner.look(lambda worlds: [world.series() for world in worlds])
    if len(frames) == 1:
        return frames[0]
    return pd.concat([frame.assign(world=name) for frame, name in zip(frames, NAMES, strict=False)])


def csv(session: Session) -> bytes:
    """Return the series as text, columns separated by commas."""
    return series(session).to_csv(index=False).encode()


def parquet(session: Session) -> bytes:
    """Return the series as a Parquet file."""
    buffer = io.BytesIO()
    series(session).to_parquet(buffer, index=False)
    return buffer.getvalue()


def scenarios(session: Session) -> list[Scenario]:
    """Return the scenario of each world, as long as it was run: running it anew gives what is on the screen."""
    return session.runner.look(
        lambda worlds: [world.scenario.replace(months=world.month) for world in worlds]
    )


def toml(session: Session) -> bytes:
    """Return the scenario file; of two worlds the one that was changed."""
    return scenarios(session)[-1].to_toml().encode()


def folder(session: Session, progress: Callable[[float], None] = lambda part: None) -> bytes:
    """Return result folders (report, data, scenario, run card) and figures, for each world, as a zip file.

    Each scenario is run anew from its start, so `mesh-abm verify` agrees with what is in them.
    """
    todo = scenarios(session)
    packed = io.BytesIO()
    with tempfile.TemporaryDirectory() as place, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bundle:
        for number, (scenario, name) in enumerate(zip(todo, NAMES, strict=False)):

            def told(month: int, months: int, _model: object, done: int = number) -> None:
                progress((done + month / max(months, 1)) / len(todo))

            result = run(scenario, progress=told)
            target = Path(place) / name
            result.save(target)
            for path in sorted(target.rglob("*")):
                if path.is_file():
                    bundle.write(path, path.relative_to(place))
            for figure in all_figures(result):
                bundle.writestr(f"{name}-figures/{figure.name}.{figure.kind}", figure.image)
    return packed.getvalue()
