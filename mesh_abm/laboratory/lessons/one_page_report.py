"""What a student takes home from a lesson: one page of HTML, nothing fetched, whatever was typed escaped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from html import escape
from string import Template

from mesh_abm.laboratory.lessons.attempt import Attempt, Explanation, Played
from mesh_abm.laboratory.lessons.lesson import Picture, Round
from mesh_abm.laboratory.lessons.picture_svg import svg
from mesh_abm.wording import counted, listing

_PAGE = Template("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>$title</title>
<style>
@page { size: A4; margin: 11mm; }
body { font: 14px/1.38 system-ui, sans-serif; color: #222; max-width: 60rem; margin: 1rem auto; padding: 0 1rem; }
h1 { font-size: 1.35rem; margin: 0; } h2 { font-size: 1.05rem; margin: .5rem 0 .2rem; }
p { margin: .25rem 0; } .quiet { color: #5a5a5a; font-size: .9em; }
section { border-top: 1px solid #ccc; display: grid; gap: 0 1.1rem;
  grid-template-columns: minmax(0, 5fr) minmax(0, 4fr); }
section h2 { grid-column: 1 / -1; }
section svg { width: 100%; height: auto; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem .7rem; margin: .2rem 0; }
dt { font-weight: 600; } dd { margin: 0; }
.end { border-top: 2px solid #009e73; padding-top: .3rem; font-weight: 600; }
code { font-size: .75em; overflow-wrap: anywhere; }
@media print { body { font-size: 8.6px; line-height: 1.3; margin: 0; padding: 0; max-width: none; } }
</style>
</head>
<body>
<h1>$title</h1>
<p>$question</p>
<p class="quiet">$name, run with seed $seed. On the mark or close: $score.</p>
$rounds
<p class="end">$takeaway</p>
</body>
</html>
""")


def html(attempt: Attempt) -> str:
    """Return the report of the rounds that were run so far."""
    played = [(k, each) for k, each in enumerate(attempt.played) if each.finding is not None]
    told = [attempt.explain(k) for k, _ in played]
    good = sum(each.judgment.grade != "off" for each in told)
    return _PAGE.substitute(
        title=escape(attempt.lesson.title),
        question=escape(attempt.lesson.question),
        name=escape(attempt.name),
        seed=attempt.seed,
        score=f"{good} of {counted(len(told), 'prediction')}",
        rounds="\n".join(
            _section(k, each, explained, attempt.seed)
            for (k, each), explained in zip(played, told, strict=True)
        ),
        takeaway=escape(attempt.lesson.takeaway),
    )


def with_guess(played: Played) -> Picture:
    """Return the picture of a round that was run, its prediction marked on it where that is a point or a line."""
    assert played.finding is not None
    assert played.guess is not None
    picture = played.finding.picture
    return replace(picture, marks=(*picture.marks, *played.round.mark(played.finding, played.guess)))


def links(round: Round, seed: int) -> list[str]:
    """Return what brings back the runs of a round: the part of an address after the laboratory's own."""
    return [f"/?{setup.query()}" for setup in round.setups(seed)]


def _section(number: int, played: Played, told: Explanation, seed: int) -> str:
    assert played.guess is not None
    facts = {
        "You predicted": told.predicted,
        "Your run": told.found,
        "That is": f"{told.judgment.grade}. {told.judgment.line}",
        "Theory": told.theory.removeprefix("Theory: "),
    }
    entries = "".join(f"<dt>{escape(k)}</dt><dd>{escape(v)}</dd>" for k, v in facts.items())
    asked = _paragraphs([*played.round.told, played.round.question.text])
    reasons = _paragraphs([told.place, *told.reasons])
    return (
        f"<section><h2>{number + 1}. {escape(played.round.title)}</h2>\n"
        f"<div>{asked}<dl>{entries}</dl></div>\n<div>{svg(with_guess(played), played.guess)}</div>\n"
        f'<div style="grid-column: 1 / -1">{reasons}<p class="quiet">{_again(played.round, seed)}</p></div></section>'
    )


def _again(round: Round, seed: int) -> str:
    addresses = links(round, seed)
    if not addresses:
        return f"To see it again: {escape(round.where)}." if round.where else ""
    codes = listing([f"<code>{escape(address)}</code>" for address in addresses])
    return f"To see it again, put this behind the address of the laboratory: {codes}"


def _paragraphs(lines: Sequence[str]) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in lines)
