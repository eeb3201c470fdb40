"""The claims page: the recorded ledger and its figures, and experiments run aside, bounded and cancelled."""

from __future__ import annotations

import threading
import time

import pytest

from mesh_abm.claims.claim import Verdict
from mesh_abm.claims.ledger import recorded
from mesh_abm.errors import UserError
from mesh_abm.laboratory.explorers import experiments
from mesh_abm.laboratory.explorers import recorded as page
from mesh_abm.laboratory.explorers.job import Job
from mesh_abm.laboratory.limits import limits

QUICK = "E2"


def test_every_claim_is_there_with_its_record() -> None:
    rows = page.rows()
    record = recorded(fast=False)
    assert {row.claim.id: row.record for row in rows} == record
    assert page.counts(rows).startswith(f"{len(rows)} claims: ")
    assert page.counts([]) == "No claim matches."


def test_it_is_filtered_by_chapter_verdict_and_words() -> None:
    rows = page.rows()
    some = page.matching(rows, "percolation", "fails")
    assert some
    assert all(row.chapter == "percolation" and row.verdict == "fails" for row in some)
    words = page.matching(rows, text="Condensate  CHURN")
    assert words
    assert len(words) < len(rows)
    assert page.matching(rows, text="<script>alert(1)</script> ' OR 1=1 --") == []
    assert page.matching(rows) == rows


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ({"chapter": "../x"}, "chapter ="),
        ({"verdict": "perhaps"}, "verdict ="),
        ({"text": "x" * 10**6}, "text: has"),
    ],
)
def test_what_is_no_filter_is_refused(what: dict[str, str], said: str) -> None:
    with pytest.raises(UserError, match=f"^{said}"):
        page.matching(page.rows(), **what)


def test_recorded_figures_are_drawn_for_every_claim_with_an_experiment() -> None:
    for row in page.rows():
        figure = page.recorded_figure(row.claim.id)
        assert (figure is None) == (row.verdict == Verdict.NOT_TESTABLE), row.claim.id
        if figure is not None:
            assert figure.sentence.startswith(row.record["says"])
            assert not figure.data.empty
    assert page.recorded_figure("no claim") is None


def test_an_experiment_finds_what_is_recorded_at_reduced_size() -> None:
    told: list[str] = []
    job: Job[experiments.Found] = Job(
        lambda job: experiments.examined(QUICK, job), lambda: told.append(job.says)
    )
    job.start()
    assert job.wait(120)
    assert job.error == ""
    assert job.value is not None
    record = recorded(fast=True)[QUICK]
    assert job.value.verdict == record["verdict"]
    assert job.value.figures == record["figures"]
    assert job.value.image is not None
    assert job.value.image.startswith(b"<svg")
    assert told


def test_a_cancelled_experiment_ends_at_once_and_frees_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    place = threading.BoundedSemaphore(1)
    monkeypatch.setattr(experiments, "_places", lambda: place)
    first: Job[experiments.Found] = Job(lambda job: experiments.examined("P2", job), lambda: None)
    first.start()
    while not first.says:
        time.sleep(0.01)
    second: Job[experiments.Found] = Job(lambda job: experiments.examined(QUICK, job), lambda: None)
    second.start()
    assert second.wait(10)
    assert second.error.startswith(f"this server runs at most {limits().experiments} experiments at once")
    first.cancel()
    assert first.wait(10)
    assert first.cancelled
    assert first.value is None
    third: Job[experiments.Found] = Job(lambda job: experiments.examined("none such", job), lambda: None)
    third.start()
    assert third.wait(60)
    assert third.error.startswith("the experiment failed: UnknownClaimError: ID = none such")


def test_a_job_tells_its_error_in_a_sentence_and_its_end_once(capsys: pytest.CaptureFixture[str]) -> None:
    ended: list[bool] = []

    def fail(job: Job[int]) -> int:
        job.check()
        raise KeyError("a\nb")

    job = Job(fail, lambda: ended.append(job.running))
    assert not job.running
    job.start()
    assert job.wait(5)
    assert job.error == "It stopped with an error: KeyError: 'a\\nb'"
    while not ended:
        time.sleep(0.01)
    assert ended == [False]
    assert "KeyError" in capsys.readouterr().err
