"""Every statement of the paper has its claim, and every claim can fail."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

from mesh_abm.claims.claim import Claim, Evidence, Verdict
from mesh_abm.claims.ledger import recorded
from mesh_abm.claims.registry import UnknownClaimError, all_claims, chosen, claims_by_chapter

STATEMENTS = re.findall(
    r"\S+",
    """
    PRE-1 PRE-2 PRE-3 PRE-4 PRE-5 PRE-6
    E1 E2 P1a P1b P1c E3 P2 S3.3 E4 E5 S3.4 P3 R1
    E6 L1 E7 E8 E9 E10 P4 R2
    E11 L2 E12 E13 E14 P5 S5.2 S5.4
    E15 E16 T1a T1b T1-step2 T1c T1-step3 T1d T1e C1 R3
    TAB1-percolation TAB1-epidemiology TAB1-Ising/Potts TAB1-ecology TAB1-network-econ TAB1-this R4 S-A
    S7.1 S7.1b S7.2a S7.2b S7.2c S7.3 S8.1 S8.1b P6 S8.2a S8.2b S8.2c S8.3 S9
    F1 F2 F3 F4 F5 F6
""",
)
CORRECTIONS = 12
CLAIMS = all_claims()
TESTABLE = [claim for claim in CLAIMS.values() if claim.measure is not None]


def test_every_statement_of_the_paper_is_claimed_once() -> None:
    assert sorted(name for name in CLAIMS if not name.startswith("X-")) == sorted(STATEMENTS)


def test_the_corrections_are_claims_of_their_own() -> None:
    corrections = claims_by_chapter()["corrections"]
    assert len(corrections) >= CORRECTIONS
    assert all(claim.id.startswith("X-") for claim in corrections)


def test_every_correction_is_derived_in_the_docs(root: Path) -> None:
    pages = {path.stem for path in (root / "docs" / "corrections").glob("*.md")} - {"README"}
    wanted = {claim.derivation for claim in claims_by_chapter()["corrections"]}
    assert "" not in wanted
    assert wanted <= pages


def test_every_claim_is_recorded_at_both_sizes() -> None:
    for fast in (False, True):
        assert list(recorded(fast)) == list(CLAIMS)


def test_reduced_size_comes_to_the_same_verdicts() -> None:
    full, fast = recorded(fast=False), recorded(fast=True)
    assert {name: fast[name]["verdict"] for name in fast} == {name: full[name]["verdict"] for name in full}


@pytest.mark.parametrize("fast", [False, True], ids=["full", "fast"])
@pytest.mark.parametrize("claim", TESTABLE, ids=lambda claim: claim.id)
def test_the_recorded_figures_give_the_recorded_verdict(claim: Claim, fast: bool) -> None:
    kept = recorded(fast)[claim.id]
    assert claim.judge is not None
    assert str(claim.judge(figures(kept))) == kept["verdict"]


@pytest.mark.parametrize("claim", TESTABLE, ids=lambda claim: claim.id)
def test_other_figures_would_give_another_verdict(claim: Claim) -> None:
    kept = figures(recorded(fast=False)[claim.id])
    assert claim.judge is not None
    assert set(claim.counter) <= set(kept), "a counterexample names figures that the experiment does not have"
    assert claim.judge(kept | dict(claim.counter)) != claim.judge(kept)


@pytest.mark.parametrize("claim", TESTABLE, ids=lambda claim: claim.id)
def test_figures_that_are_no_numbers_support_nothing(claim: Claim) -> None:
    nothing = dict.fromkeys(recorded(fast=False)[claim.id]["figures"], math.nan)
    assert claim.judge is not None
    assert claim.judge(nothing) != Verdict.HOLDS


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=lambda claim: claim.id)
def test_a_claim_says_what_would_change_its_verdict(claim: Claim) -> None:
    assert len(claim.turned_by) > 20
    assert claim.place
    assert claim.says.endswith((".", "?"))


def test_a_claim_needs_experiment_and_criterion_or_a_reason() -> None:
    with pytest.raises(ValueError, match="needs measure"):
        Claim(id="Z1", place="nowhere", says="It is.", turned_by="nothing at all")
    with pytest.raises(ValueError, match="neither experiment"):
        Claim(
            id="Z1", place="nowhere", says="It is.", turned_by="nothing", reason="no data",
            measure=lambda lab: Evidence({}, ""),
        )  # fmt: skip


def test_claims_are_chosen_by_id_whatever_the_letter_case() -> None:
    assert [claim.id for claim in chosen(["e2", "TAB1-ISING/POTTS"])] == ["E2", "TAB1-Ising/Potts"]
    assert [claim.id for claim in chosen([])] == list(CLAIMS)


def test_an_unknown_id_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownClaimError, match=r"ID = E22: must be the id of a claim.*did you mean 'E2'"):
        chosen(["E22"])


def figures(kept: dict[str, object]) -> dict[str, float]:
    """The recorded figures as numbers ("nan" and "inf" are kept as words)."""
    assert isinstance(kept["figures"], dict)
    return {name: float(value) for name, value in kept["figures"].items()}
