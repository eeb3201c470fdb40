"""From what goes wrong to an exit code and one clear line on stderr."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import typer

from mesh_abm.errors import UserError

BAD_INPUT = 2
INTERRUPTED = 130
_UsageError: type[Exception] = typer.BadParameter.__mro__[
    1
]  # click's, which typer ships under changing names


@dataclass
class Answer:
    """The exit code of a command."""

    code: int = 0


@contextmanager
def answered() -> Iterator[Answer]:
    """Turn errors that a user caused, and Ctrl-C, into a line on stderr and a code; defects pass with their trace."""
    answer = Answer()
    try:
        yield answer
    except (KeyboardInterrupt, typer.Abort):
        answer.code = _say("stopped", INTERRUPTED)
    except _UsageError as error:
        answer.code = _say(usage_line(error), BAD_INPUT)
    except UserError as error:
        answer.code = _say(str(error), BAD_INPUT)
    except OSError as error:
        answer.code = _say(system_line(error), BAD_INPUT)
    except MemoryError:
        answer.code = _say("not enough memory; fewer owners (n_owners) need less", BAD_INPUT)


def spare_odd_characters() -> None:
    """Where the terminal knows no Greek, print ? for it instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def usage_line(error: Exception) -> str:
    """What is wrong with the arguments; nothing where there were none, since typer shows its help then."""
    message: str = error.format_message()  # type: ignore[attr-defined]
    context = getattr(error, "ctx", None)
    hint = f" (see `{context.command_path} --help`)" if context is not None else ""
    return " ".join(message.split()) + hint if message else ""


def system_line(error: OSError) -> str:
    """What the operating system refused, and for which file."""
    what = error.strerror or str(error) or type(error).__name__
    return f"{error.filename}: {what}" if error.filename else what


def _say(line: str, code: int) -> int:
    if line:
        print(f"mesh-abm: {line}", file=sys.stderr)
    return code
