"""Fingerprints: equal for equal values, different for different ones, and where tables part."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from mesh_abm.results.fingerprints import Difference, exact, first_difference, rounded

TABLE = pd.DataFrame({"month": [0, 1, 2], "x": [math.nan, 1.0, 2.0], "kind": ["a", "b", "c"]})


def with_value(row: int, column: str, value: object) -> pd.DataFrame:
    """TABLE with one value changed."""
    table = TABLE.copy()
    table.loc[row, column] = value
    return table


def test_equal_values_have_equal_fingerprints() -> None:
    other = TABLE.copy()
    other.loc[0, "x"] = -math.nan
    assert exact(other) == exact(TABLE)
    assert exact(pd.DataFrame({"x": [0.0]})) == exact(pd.DataFrame({"x": [-0.0]}))
    assert exact(pd.DataFrame({"n": np.array([5], np.int8)})) == exact(
        pd.DataFrame({"n": np.array([5], np.int64)})
    )


@pytest.mark.parametrize(
    ("row", "column", "value"),
    [(1, "x", np.nextafter(1.0, 2)), (2, "month", 3), (0, "x", 0.0), (2, "kind", "d")],
)
def test_a_value_that_differs_shows(row: int, column: str, value: object) -> None:
    assert exact(with_value(row, column, value)) != exact(TABLE)


def test_names_and_order_of_columns_and_tables_count() -> None:
    assert exact(TABLE.rename(columns={"x": "y"})) != exact(TABLE)
    assert exact(TABLE[["x", "month", "kind"]]) != exact(TABLE)
    assert exact(TABLE, TABLE.head(1)) != exact(TABLE.head(1), TABLE)


@pytest.mark.parametrize(("value", "same"), [(1 + 4e-9, True), (1 + 6e-9, False), (1.1, False)])
def test_the_rounded_fingerprint_sees_nine_digits(value: float, same: bool) -> None:
    assert (rounded(with_value(1, "x", value)) == rounded(TABLE)) is same


def test_the_first_difference_is_the_earliest_month_then_the_first_column() -> None:
    again = with_value(2, "x", 3.0)
    assert first_difference(TABLE, again) == Difference(2, "x")
    again.loc[1, "kind"] = "z"
    assert first_difference(TABLE, again) == Difference(1, "kind")
    again.loc[1, "x"] = 7.0
    assert first_difference(TABLE, again) == Difference(1, "x")
    assert first_difference(TABLE, TABLE.copy()) is None


def test_a_missing_column_or_month_is_a_difference_and_a_new_column_is_none() -> None:
    assert first_difference(TABLE, TABLE.drop(columns="x")) == Difference(0, "x")
    assert first_difference(TABLE, TABLE.head(2)) == Difference(2, "month")
    assert first_difference(TABLE.head(2), TABLE) == Difference(1, "month")
    assert first_difference(TABLE, TABLE.assign(new=1.0)) is None


@pytest.mark.parametrize(
    ("value", "same"),
    [
        (1 + 9e-9, True),  # the ninth digit differs by one at most
        (1 + 2e-8, False),
        (math.inf, False),
        (math.nan, False),
    ],
)
def test_to_nine_digits_a_unit_in_the_last_is_the_same(value: float, same: bool) -> None:
    assert (first_difference(TABLE, with_value(1, "x", value), digits=9) is None) is same
    tiny = pd.DataFrame({"month": [0], "x": [1e-30]}), pd.DataFrame({"month": [0], "x": [1e-30 * value]})
    assert (first_difference(*tiny, digits=9) is None) is same


def test_a_table_without_months_gets_the_month_that_is_said() -> None:
    table = TABLE.drop(columns="month")
    assert first_difference(table, table.assign(x=0.0), month=36) == Difference(36, "x")
    assert first_difference(table.head(0), table, month=36) == Difference(36, "x")


def test_equal_rounded_fingerprints_mean_the_same_to_nine_digits() -> None:
    generator = np.random.default_rng(5)
    values = generator.lognormal(sigma=20, size=2_000)
    near = values * (1 + generator.uniform(-6e-9, 6e-9, values.size))
    for a, b in zip(values, near, strict=True):
        one, other = pd.DataFrame({"x": [a]}), pd.DataFrame({"x": [b]})
        if rounded(one) == rounded(other):
            assert first_difference(one, other, digits=9) is None
