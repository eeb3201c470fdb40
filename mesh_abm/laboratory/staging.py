"""What pages with a stage have in common: how runner and stage hear each other, and the buttons of a run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara

from mesh_abm.laboratory.runner import Runner, Send

Hear = Callable[[dict[str, Any]], None]


def use_sender() -> tuple[Any, Send]:
    """Return a place for the stage's widget, and what sends to it; before the widget is there nothing is sent."""
    holder = solara.use_ref(None)

    def send(meta: dict[str, Any], buffers: list[bytes]) -> None:
        if holder.current is not None:
            holder.current.send(meta, buffers)

    return holder, send


def use_stage(stage: Any, holder: Any, runner: Runner, hear: Hear, leave: Callable[[], None]) -> None:
    """Run `runner` for as long as the page is there; `hear` gets the stage's messages, `leave` is called in the end."""

    def live() -> Callable[[], None]:
        widget = solara.get_widget(stage)
        holder.current = widget

        def heard(_widget: Any, message: Any, _buffers: Any) -> None:
            if isinstance(message, dict):
                hear(message)

        widget.on_msg(heard)
        runner.start()

        def end() -> None:
            runner.stop()
            leave()
            holder.current = None
            widget.on_msg(heard, remove=True)

        return end

    solara.use_effect(live, [])


@solara.component
def RunButtons(
    busy: bool, play: Callable[[], None], pause: Callable[[], None], step: Callable[[], None], prefix: str
) -> None:
    """Play or Pause, and Step; their classes begin with `prefix`."""
    with solara.Row(gap=".8rem"):
        if busy:
            solara.Button(
                "Pause", icon_name="mdi-pause", on_click=pause, color="primary", classes=[f"{prefix}-pause"]
            )
        else:
            solara.Button(
                "Play", icon_name="mdi-play", on_click=play, color="primary", classes=[f"{prefix}-play"]
            )
        solara.Button(
            "Step", icon_name="mdi-skip-next", on_click=step, outlined=True, classes=[f"{prefix}-step"]
        )
