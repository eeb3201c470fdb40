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

CHUNK = 32_768  # rows a task, for kernels that spend some nanoseconds on a row
HEAVY = 4_096  # rows a task, for kernels that spend tens of them
WALK = 2_048  # rows a task, for kernels that spend a hundred or more


THREADS = max(
    1, int(os.environ.get("MESH_ABM_THREADS", "0")) or (os.cpu_count() or 1)
)  # the caller's included


@cache
def _pool(threads: int, process: int) -> ThreadPoolExecutor:
    # The process number is part of the key because threads do not survive a fork.
    return ThreadPoolExecutor(threads, thread_name_prefix="mesh-abm")


def over_rows(kernel: Callable[..., Any], n_rows: int, *args: Any, chunk: int = CHUNK) -> list[Any]:
    """Calls `kernel(start, stop, *args)` for ranges that cover 0..n_rows-1; returns their results in order."""
    ranges = [(start, min(start + chunk, n_rows)) for start in range(0, n_rows, chunk)]
    helpers = min(THREADS, len(ranges)) - 1
    if helpers < 1:
        return [kernel(start, stop, *args) for start, stop in ranges]
    results: list[Any] = [None] * len(ranges)
    turns = iter(range(len(ranges)))  # shared: whoever is free takes the next range

    def work() -> None:
        for turn in turns:
            results[turn] = kernel(*ranges[turn], *args)

    tasks = [_pool(THREADS - 1, os.getpid()).submit(work) for _ in range(helpers)]
    work()
    for task in tasks:
        if not task.cancel():  # a helper that has not even begun when all is done is not waited for
            task.result()
    return results
