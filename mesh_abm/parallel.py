"""Kernels over ranges of rows, on one small thread pool shared by all models of a process.

A kernel is a nogil function `kernel(start, stop, *arrays)` that writes only rows start..stop-1. Ranges are cut the same
way whatever the number of threads, and results come back in their order: the bits do not depend on the threads.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

CHUNK = 32_768  # rows a task: large enough to hide the cost of a task, small enough to balance two cores at 10^5 rows


def thread_count() -> int:
    """Threads used: MESH_ABM_THREADS if set, else the machine's cores."""
    return max(1, int(os.environ.get("MESH_ABM_THREADS", "0")) or (os.cpu_count() or 1))


@cache
def _pool(threads: int, process: int) -> ThreadPoolExecutor:
    # The process number is part of the key because threads do not survive a fork.
    return ThreadPoolExecutor(threads, thread_name_prefix="mesh-abm")


def over_rows(kernel: Callable[..., Any], n_rows: int, *args: Any) -> list[Any]:
    """Calls `kernel(start, stop, *args)` for ranges that cover 0..n_rows-1; returns their results in order."""
    ranges = [(start, min(start + CHUNK, n_rows)) for start in range(0, n_rows, CHUNK)]
    threads = min(thread_count(), len(ranges))
    if threads < 2:
        return [kernel(start, stop, *args) for start, stop in ranges]
    tasks = [_pool(threads, os.getpid()).submit(kernel, start, stop, *args) for start, stop in ranges]
    return [task.result() for task in tasks]
