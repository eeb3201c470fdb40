"""What one visitor of the Watch page does: choose, run, change, fork, and what the page says of it.

`setup` always says what is on the screen (but for the month), so it can be linked to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from mesh_abm.errors import UserError
from mesh_abm.laboratory.limits import LimitError, limits
from mesh_abm.laboratory.link import Setup, check_field, read, whole
from mesh_abm.laboratory.runner import Runner, Send
from mesh_abm.laboratory.world import World, client_spec
from mesh_abm.scenario import Scenario, field_card
from mesh_abm.shocks import Shock, in_words


@dataclass(frozen=True)
class Status:
    """What the page shows beside the picture."""

    month: int
    phase: str
    playing: bool
    busy: bool
    error: str | None
    worlds: int
    stale: bool  # a parameter was changed that counts from the start only
    setup: Setup


class Session:
    """One visitor's worlds and controls. Refusals and failures are kept in `status().error` as one sentence."""

    def __init__(self, query: str, send: Send, notify: Callable[[], None]) -> None:
        self._notify = notify
        self._refusal: str | None = None
        self._waiting: dict[str, Any] = {}  # parameters that count from the next start
        try:
            self.setup = read(query) if query else Setup()
        except UserError as error:
            self.setup, self._refusal = Setup(), f"This link cannot be opened: {error}"
        self.runner = Runner([self.setup.world()], send, notify)
        if self.setup.fork is not None:
            self.runner.fork_at(self.setup.fork, self.setup.other)
        if target := max(self.setup.fork or 0, self.setup.month):
            self.runner.run_to(target)

    def status(self) -> Status:
        """Return what to show now."""
        runner = self.runner
        first = runner.worlds[0]
        return Status(
            first.month, first.phase, runner.playing, runner.busy, runner.error or self._refusal,
            len(runner.worlds), bool(self._waiting), self.setup,
        )  # fmt: skip

    def spec(self) -> dict[str, Any]:
        """Return what the client must know before it draws."""
        return client_spec(self.runner.worlds)

    @property
    def scenario(self) -> Scenario:
        """The scenario whose parameters the controls show: that of the world which changes act on."""
        return self.runner.worlds[-1].scenario

    def values(self, fields: Iterable[str]) -> dict[str, Any]:
        """Return fields' values: what the visitor chose, else what is in force next month."""
        now = self.scenario.at(self.runner.worlds[-1].month + 1)
        return {field: self._waiting.get(field, getattr(now, field)) for field in fields}

    def value(self, field: str) -> Any:
        """Return a field's value."""
        return self.values([field])[field]

    def query(self) -> str:
        """Return the address that brings back what is on the screen."""
        return replace(self.setup, month=self.runner.worlds[0].month).query()

    # -- what a visitor does -------------------------------------------------------------------------------------

    def choose(self, scenario: str) -> None:
        """Begin with another scenario, the seed kept."""
        self._waiting = {}
        self._begin(Setup(scenario=scenario, seed=self.setup.seed))

    def press(self, button: Callable[[], None]) -> None:
        """Press a button of the run; what was refused before is no longer said."""
        self._refusal = None
        button()

    def run_to(self, month: str) -> None:
        """Run to the month that a visitor typed."""

        def run() -> None:
            target, now = whole("month", month.strip(), limits().months), self.runner.worlds[0].month
            if target <= now:
                raise LimitError(f"month = {target}: must be after month {now}, which has been run")
            self.runner.run_to(target)

        self._refused(run)

    def reseed(self, seed: str) -> None:
        """Begin anew with other random numbers: those of the seed that a visitor typed."""

        def begin() -> None:
            number = whole("seed", seed.strip(), 2**31 - 1)
            if number != self.setup.seed:
                self._start(replace(self._from_the_start(), seed=number))

        self._refused(begin)

    def reset(self) -> None:
        """Begin anew: parameters stay as they are now, shocks and the other world go."""
        self._begin(self._from_the_start())

    def set_field(self, field: str, value: Any) -> None:
        """Change a parameter: at once if nothing has run yet, from next month on while a run is under way.

        Those that cannot change in mid-run count from the next Reset.
        """
        if self._refused(lambda: check_field(field)):
            return
        month = self.runner.worlds[-1].month
        if month == 0 and len(self.runner.worlds) == 1:
            self._begin(self.setup.with_setting(field, value))
            return
        changed = self._from_the_start().with_setting(field, value)
        if self._refused(lambda: changed.build()) or value == self.value(field):
            return
        if not field.startswith("classes.") and field_card(field).shockable:
            self._happen(lambda next_month: Shock(month=next_month, kind="set", field=field, value=value))
        else:
            self._wait(field, value)

    def shock(self, kind: str, value: Any, months: int | None = None) -> None:
        """Let a shock happen next month, for so many months (None: for good)."""

        def shock(start: int) -> Shock:
            until = start + months - 1 if months else None
            return Shock(month=start, until=until, kind=kind, value=value)  # type: ignore[arg-type]

        self._happen(shock)

    def fork(self) -> None:
        """Open a second world that is the same up to now; what is changed from now on changes that one only."""

        def part(worlds: list[World]) -> None:  # between two months, so both worlds are at the same one
            if len(worlds) == 1:
                self.setup = replace(self.setup, fork=worlds[0].month, then=())
                self.runner.replace([worlds[0], worlds[0].fork()])

        self._refused(lambda: self.runner.act(part))

    def join(self) -> None:
        """Close the second world."""
        self.setup = replace(self.setup, fork=None, then=())
        self.runner.replace(self.runner.worlds[:1])
        self._notify()

    def happened(self) -> list[str]:
        """Return what was done to the run, a line each."""
        lines = [in_words(shock) for shock in self.setup.shocks]
        return lines + [f"what if: {in_words(shock)}" for shock in self.setup.then]

    # ------------------------------------------------------------------------------------------------------------

    def _happen(self, make: Callable[[int], Shock]) -> None:
        def change(worlds: list[World]) -> None:
            shock = make(worlds[-1].month + 1)  # read between two months: the run may be going on
            worlds[-1].change([shock])
            if len(worlds) > 1:
                self.setup = replace(self.setup, then=(*self.setup.then, shock))
            else:
                self.setup = replace(self.setup, shocks=(*self.setup.shocks, shock))

        self._refused(lambda: self.runner.act(change))

    def _wait(self, field: str, value: Any) -> None:
        """Let a parameter count from the next start; until then the link is to the run as it is."""
        self._waiting[field] = value
        if value == getattr(self.scenario, field, None):
            del self._waiting[field]
        self._notify()

    def _from_the_start(self) -> Setup:
        """Return the setup with the parameters as they are now, in force from the start."""
        setup = self.setup
        for shock in (*setup.shocks, *setup.then):
            if shock.kind == "set" and shock.until is None:
                setup = setup.with_setting(str(shock.field), shock.value)
        for field, value in self._waiting.items():
            setup = setup.with_setting(field, value)
        return replace(setup, shocks=(), then=(), fork=None, month=0)

    def _begin(self, setup: Setup) -> None:
        self._refused(lambda: self._start(setup))

    def _start(self, setup: Setup) -> None:
        self.runner.replace([setup.world()])
        self.setup, self._waiting = setup, {}

    def _refused(self, action: Callable[[], Any]) -> bool:
        """Do something; keep the sentence of a refusal and return whether there was one."""
        try:
            action()
        except UserError as error:
            self._refusal = str(error)
        else:
            self._refusal = None
        self._notify()
        return self._refusal is not None
