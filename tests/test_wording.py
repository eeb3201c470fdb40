"""Numbers and months as sentences have them."""

from __future__ import annotations

import math

import pytest

from mesh_abm import wording


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.0, "0%"),
        (0.0004, "under 0.1%"),
        (0.001, "0.1%"),
        (0.0238, "2.4%"),
        (0.02, "2%"),
        (0.0999, "10%"),
        (0.123, "12%"),
        (0.9951, "99.5%"),
        (0.9996, "100%"),
        (1.0, "100%"),
        (math.nan, "not defined"),
    ],
)
def test_shares_are_as_precise_as_they_need_to_be(share: float, text: str) -> None:
    assert wording.percent(share) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        *((0, "0"), (0.0345, "0.035"), (1.04, "1.0"), (9.96, "10"), (1234.5, "1,200")),
        *((6.83e12, "6.8 trillion"), (1e16, "1.0 x 10^16"), (2.5e-7, "2.5 x 10^-7")),
    ],
)  # fmt: skip
def test_numbers_have_two_digits(value: float, text: str) -> None:
    assert wording.number(value) == text


def test_numbers_that_are_none() -> None:
    assert wording.number(math.inf) == "infinite"
    assert wording.number(math.nan) == "not defined"


@pytest.mark.parametrize(
    ("count", "text"),
    [(1, "1 month"), (12, "1 year"), (40, "3 years and 4 months"), (1680, "about 140 years"), (math.inf, "never")],
)  # fmt: skip
def test_lengths_of_time(count: float, text: str) -> None:
    assert wording.months(count) == text


def test_month_one_is_the_calendar_month_of_the_start() -> None:
    assert wording.calendar(1, "2026-01") == "January 2026"
    assert wording.calendar(13, "2026-07") == "July 2027"
    assert wording.calendar(0, "2026-01") == "December 2025"
    assert wording.calendar(5, None) is None
    assert wording.at_month(51, "2026-01") == "March 2030 (month 51)"
    assert wording.at_month(51, None) == "month 51"


def test_money_is_in_micro_credits_until_it_is_much_and_in_dollars_where_a_credit_is_one() -> None:
    assert wording.money(770) == "770 micro-credits"
    assert wording.money(2_500_000) == "2.50 credits"
    assert wording.money(28_711, dollars=True) == "$0.029"
    assert wording.money(-28_711, dollars=True) == "-$0.029"
    assert wording.money(2_000_000, dollars=True) == "$2.00"
    assert wording.money(math.inf) == "an infinite amount"


def test_lists_and_counts_read_like_sentences() -> None:
    assert wording.listing([]) == ""
    assert wording.listing(["a"]) == "a"
    assert wording.listing(["a", "b", "c"], "or") == "a, b or c"
    assert wording.counted(1, "device") == "1 device"
    assert wording.counted(2000, "device") == "2,000 devices"


def test_factors_say_when_nothing_is_missing_and_when_nothing_is_enough() -> None:
    assert wording.as_high(2.44) == "2.4 times as high"
    assert wording.as_high(0.3) == "high enough as they are"
    assert wording.as_high(math.inf) == "infinitely high"
