"""Paired what-ifs: scenarios on the same seeds, forked where they first differ, and what the difference is.

Every random number of the model belongs to a decision (seed, rule, month, owner), so two scenarios at one seed differ
by what they change and by nothing else: common random numbers (Glasserman and Yao 1992).
"""

from __future__ import annotations

from mesh_abm.comparison.comparing import compare
from mesh_abm.comparison.comparison import Comparison
from mesh_abm.comparison.forking import common_months, fork
from mesh_abm.comparison.switches import SWITCHES, Switch, switch_table

__all__ = ["SWITCHES", "Comparison", "Switch", "common_months", "compare", "fork", "switch_table"]
