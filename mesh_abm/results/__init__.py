"""What runs leave behind: results in memory and in folders, and whether they can be made again."""

from mesh_abm.results.folder import load_result, rebuild_report
from mesh_abm.results.result import Result
from mesh_abm.results.verification import Verdict, verify

__all__ = ["Result", "Verdict", "load_result", "rebuild_report", "verify"]
