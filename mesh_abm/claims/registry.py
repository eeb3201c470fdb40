"""All claims, found in the files of `mesh_abm/claims/paper`: one file a claim, each with its `CLAIM`."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Sequence
from functools import cache

from mesh_abm.claims import paper
from mesh_abm.claims.claim import Claim
from mesh_abm.errors import UserError, nearest

CHAPTERS: dict[str, str] = {
    "predecessor": "Taken from the predecessor (section 2)",
    "percolation": "Layer 1: a giant component appears (section 3)",
    "specialization": "Layer 2: devices specialize (section 4)",
    "knowledge": "Layer 3: knowledge spreads (section 5)",
    "theorem": "The theorem (section 6)",
    "dynamics": "Dynamics and settlement (sections 7 to 9)",
    "predictions": "The six predictions (section 10)",
    "corrections": "Corrections: what is printed, what is right, and what tells them apart",
}
"""The folders of `paper` in the order of the ledger, with their headings."""


class UnknownClaimError(UserError, ValueError):
    """An id that no claim has."""


@cache
def claims_by_chapter() -> dict[str, tuple[Claim, ...]]:
    """Return the claims of each chapter, in the order of their files."""
    return {chapter: tuple(_claims_in(chapter)) for chapter in CHAPTERS}


def all_claims() -> dict[str, Claim]:
    """Return every claim by its id, in the order of the ledger."""
    found = [claim for claims in claims_by_chapter().values() for claim in claims]
    by_id = {claim.id: claim for claim in found}
    assert len(by_id) == len(found), "two claims have the same id"
    return by_id


def chosen(ids: Sequence[str]) -> list[Claim]:
    """Return the claims of these ids (letter case does not matter), or all; raises UnknownClaimError."""
    claims = all_claims()
    if not ids:
        return list(claims.values())
    folded = {name.casefold(): claim for name, claim in claims.items()}
    for name in ids:
        if name.casefold() not in folded:
            raise UnknownClaimError(
                f"ID = {name}: must be the id of a claim, such as {next(iter(claims))}{nearest(name, claims)}"
            )
    wanted = {name.casefold() for name in ids}
    return [claim for key, claim in folded.items() if key in wanted]


def _claims_in(chapter: str) -> list[Claim]:
    package = importlib.import_module(f"{paper.__name__}.{chapter}")
    modules = [
        importlib.import_module(f"{package.__name__}.{found.name}") for found in _files(package.__path__)
    ]
    return [module.CLAIM for module in modules if hasattr(module, "CLAIM")]


def _files(folders: Sequence[str]) -> list[pkgutil.ModuleInfo]:
    return sorted(pkgutil.iter_modules(folders), key=lambda found: _natural(found.name))


def _natural(name: str) -> list[str | int]:
    """Return the key that puts e2 before e10."""
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name)]
