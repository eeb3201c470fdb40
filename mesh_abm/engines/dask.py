"""The engine of a cluster: dask.distributed, at a scheduler's address or on this machine.

Values travel to this process over the network, so that workers need no disk in common with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any

from mesh_abm.engines.engine import EngineError, Outcome, attempt
from mesh_abm.engines.processes import usable_cores
from mesh_abm.engines.worker import on_one_thread

LOST = "engine = 'dask': the scheduler is gone; start it again, then the same sweep"
AHEAD = 4
"""Tasks handed over for each thread of the cluster, so that none waits for the network."""


class Dask:
    """Runs tasks on a Dask cluster: that of `scheduler` (an address such as tcp://host:8786), or a local one.

    A task whose worker dies is begun again by the scheduler. Raises EngineError where dask.distributed is not
    installed, the scheduler does not answer, or is lost.
    """

    def __init__(self, scheduler: str | None = None, workers: int | None = None) -> None:
        try:
            from distributed import Client, LocalCluster
        except ImportError:
            raise EngineError(
                "engine = 'dask': dask.distributed is not installed; install the extra: pip install 'mesh-abm[dask]'"
            ) from None
        self._cluster: Any = None
        if scheduler is None:
            self._cluster = LocalCluster(
                n_workers=workers or usable_cores(),
                threads_per_worker=1,
                dashboard_address=None,  # it would listen to the whole network
            )
        try:
            self._client: Any = Client(scheduler or self._cluster, timeout="10s")
        except (OSError, ValueError) as error:
            raise EngineError(
                f"scheduler = {scheduler}: does not answer ({error}); must be tcp://host:port"
            ) from None
        self._client.register_worker_callbacks(on_one_thread)

    def run(self, function: Callable[[Any], Any], tasks: Sequence[Any]) -> Iterator[Outcome]:
        """Yield the outcome of every task as it is ready."""
        from distributed import as_completed

        waiting = iter(enumerate(tasks))
        places: dict[str, int] = {}
        ready: Any = as_completed()
        ahead = AHEAD * max(1, sum(self._client.nthreads().values()))
        try:
            self._hand_over(function, waiting, ahead, ready, places)
            for future in ready:
                place = places.pop(future.key)
                outcome = self._outcome(future, place)
                self._hand_over(function, waiting, 1, ready, places)
                yield outcome
        except (
            OSError
        ):  # a connection that closed while something was asked of it; tasks keep their own errors
            raise EngineError(LOST) from None
        finally:
            with suppress(OSError):
                self._client.cancel(list(places))

    def close(self) -> None:
        """Leave the cluster; end it if it is ours."""
        self._client.close()
        if self._cluster is not None:
            self._cluster.close()

    def __enter__(self) -> Dask:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _hand_over(
        self,
        function: Callable[[Any], Any],
        waiting: Iterator[Any],
        count: int,
        ready: Any,
        places: dict[str, int],
    ) -> None:
        for _, (place, task) in zip(range(count), waiting, strict=False):
            future = self._client.submit(attempt, function, place, task, pure=False)
            places[future.key] = place
            ready.add(future)

    @staticmethod
    def _outcome(future: Any, place: int) -> Outcome:
        """Return what came of a future; its own failure is that of the cluster, since `attempt` catches the task's."""
        from concurrent.futures import CancelledError

        if future.status == "finished":
            return future.result()  # type: ignore[no-any-return]
        if future.status in ("cancelled", "lost"):
            raise EngineError(LOST)
        try:
            future.result()
        except CancelledError:
            raise EngineError(LOST) from None
        except OSError:  # the connection closed on the way: for `run` to say
            raise
        except Exception as error:  # such as KilledWorker, after the deaths of several workers
            return Outcome(place, error=f"{type(error).__name__}: {error}")
        raise AssertionError("a future that is not finished has no value")
