"""What one visitor of the Watch page does: choose, run, change, fork, and what the page says of it.

`setup` always says what is on the screen (but for the month), so it can be linked to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from mesh_abm.errors import UserError
from mesh_abm.laboratory.link import Setup, check_field, read
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
        self._stale = False
        try:
            self.setup = read(query) if query else Setup()
        except UserError as error:
            self.setup, self._refusal = Setup(), f"This link cannot be opened: {error}"
        self.runner = Runner(self.setup.worlds(), send, notify)
        if self.setup.month > self.runner.worlds[0].month:
            self.runner.run_to(self.setup.month)

    def status(self) -> Status:
        """Return what to show now."""
        runner = self.runner
        first = runner.worlds[0]
        return Status(
            first.month, first.phase, runner.playing, runner.busy, self._refusal or runner.error,
            len(runner.worlds), self._stale, self.setup,
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
        pending = dict(self.setup.settings) if self._stale else {}
        return {field: pending.get(field, getattr(now, field)) for field in fields}

    def value(self, field: str) -> Any:
        """Return a field's value."""
        return self.values([field])[field]

    def query(self) -> str:
        """Return the address that brings back what is on the screen."""
        return replace(self.setup, month=self.runner.worlds[0].month).query()

    # -- what a visitor does -------------------------------------------------------------------------------------

    def choose(self, scenario: str) -> None:
        """Begin with another scenario, the seed kept."""
        self._begin(Setup(scenario=scenario, seed=self.setup.seed))

    def reseed(self, seed: int) -> None:
        """Begin anew with other random numbers."""
        self._begin(replace(self._from_the_start(), seed=seed))

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
            self._happen(lambda: Shock(month=month + 1, kind="set", field=field, value=value))
        else:
            self.setup, self._stale = self.setup.with_setting(field, value), True
            self._notify()

    def shock(self, kind: str, value: Any, months: int | None = None) -> None:
        """Let a shock happen next month, for so many months (None: for good)."""
        start = self.runner.worlds[-1].month + 1
        until = start + months - 1 if months else None
        self._happen(lambda: Shock(month=start, until=until, kind=kind, value=value))  # type: ignore[arg-type]

    def fork(self) -> None:
        """Open a second world that is the same up to now; what is changed from now on changes that one only."""
        if len(self.runner.worlds) > 1:
            return
        second = self.runner.look(lambda worlds: worlds[0].fork())
        self.setup = replace(self.setup, fork=self.runner.worlds[0].month)
        self.runner.replace([self.runner.worlds[0], second])
        self._notify()

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

    def _happen(self, make: Callable[[], Shock]) -> None:
        def change(worlds: list[World]) -> None:
            shock = make()
            worlds[-1].change([shock])
            if len(worlds) > 1:
                self.setup = replace(self.setup, then=(*self.setup.then, shock))
            else:
                self.setup = replace(self.setup, shocks=(*self.setup.shocks, shock))

        self._refused(lambda: self.runner.act(change))

    def _from_the_start(self) -> Setup:
        """Return the setup with the parameters as they are now, in force from the start."""
        setup = self.setup
        for shock in (*setup.shocks, *setup.then):
            if shock.kind == "set" and shock.until is None:
                setup = setup.with_setting(str(shock.field), shock.value)
        return replace(setup, shocks=(), then=(), fork=None, month=0)

    def _begin(self, setup: Setup) -> None:
        def begin() -> None:
            self.runner.replace(setup.worlds())
            self.setup, self._stale = setup, False

        self._refused(begin)

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
