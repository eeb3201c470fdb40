"""Numbers, months and lists as a reader wants them in a sentence."""

from __future__ import annotations

import math
from collections.abc import Sequence

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def percent(share: float) -> str:
    """Return a share as per cent: "12%", "2.4%", "under 0.1%", "none" for 0, "not defined" for NaN."""
    if not math.isfinite(share):
        return "not defined"
    value = 100 * abs(share)
    if value == 0:
        return "0%"
    if value < 0.1:
        return "under 0.1%"
    digits = 0 if 10 <= value < 99.5 or value >= 99.95 else 1
    return f"{100 * share:.{digits}f}%".replace(".0%", "%")


def brief_percent(share: float) -> str:
    """Return a share as per cent in as few letters as a label has room for: "12%", "<0.1%"."""
    return percent(share).replace("under ", "<")


def number(value: float, digits: int = 2) -> str:
    """Return a number to so many significant digits, without exponents where people can do without them."""
    if math.isnan(value):
        return "not defined"
    if math.isinf(value):
        return "infinite" if value > 0 else "minus infinite"
    if value == 0:
        return "0"
    size = math.floor(math.log10(abs(value)))
    for power, name in ((12, "trillion"), (9, "billion"), (6, "million")):
        if power <= size < 15:
            return f"{number(value / 10**power, digits)} {name}"
    if size >= 15 or size < -4:
        mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
        return f"{mantissa} x 10^{int(exponent)}"
    rounded = round(value, digits - 1 - size)
    size = math.floor(math.log10(abs(rounded)))
    return f"{rounded:,.{max(0, digits - 1 - size)}f}"


def plain(value: float, digits: int = 4) -> str:
    """Return a figure as it was given, to so many digits and without empty ones: "0.19", "40", "1.77e-05"."""
    return f"{float(f'{value:.{digits}g}'):,.10g}"


def money(micro: float, dollars: bool = False) -> str:
    """Return an amount of micro-credits as it reads best: "1,000 micro-credits", "2.5 credits", or "$0.029"."""
    if not math.isfinite(micro):
        return "an amount that is not defined" if math.isnan(micro) else "an infinite amount"
    if dollars:
        dollar = abs(micro) / 1e6
        amount = f"{dollar:,.2f}" if dollar >= 1 else number(dollar)
        return f"{'-' if micro < 0 else ''}${amount}"
    if abs(micro) >= 100_000:
        return f"{number(micro / 1e6, 3)} credits"
    return f"{number(micro, 3)} micro-credits"


def times(factor: float) -> str:
    """Return a factor: "2.4 times", "12 times"."""
    return f"{number(factor)} times"


def as_high(factor: float) -> str:
    """Return how high something must be beside what it is: "12 times as high", "high enough as they are"."""
    if math.isinf(factor):
        return "infinitely high"
    return "high enough as they are" if factor <= 1 else f"{times(factor)} as high"


def months(count: float) -> str:
    """Return a length of time: "7 months", "2 years", "3 years and 4 months", "about 140 years"."""
    if not math.isfinite(count):
        return "never"
    whole = round(count)
    years, rest = divmod(whole, 12)
    if years >= 50:
        return f"about {number(count / 12)} years"
    parts = [counted(years, "year")] if years else []
    if rest or not years:
        parts.append(counted(rest, "month"))
    return " and ".join(parts)


def calendar(month: int, start: str | None) -> str | None:
    """Return the calendar month of a month of the run, "July 2029"; None without `start` ("2026-01" is month 1)."""
    if start is None:
        return None
    year, first = (int(part) for part in start.split("-")[:2])
    index = year * 12 + first - 1 + month - 1
    return f"{_MONTHS[index % 12]} {index // 12}"


def at_month(month: int, start: str | None) -> str:
    """Return "month 43", or "July 2029 (month 43)" where the run has a calendar."""
    date = calendar(month, start)
    return f"month {month}" if date is None else f"{date} (month {month})"


def listing(items: Sequence[str], last: str = "and") -> str:
    """Return "a", "a and b", "a, b and c"."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def sentence(text: str) -> str:
    """Return text with a capital letter at its start."""
    return text[:1].upper() + text[1:]


def counted(count: int, noun: str) -> str:
    """Return "1 device", "2,000 devices"."""
    return f"1 {noun}" if count == 1 else f"{count:,} {noun}s"
