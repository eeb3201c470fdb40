"""Devices: which model each class runs, how fast and how well, and what it is worth beside the provider."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from mesh_abm.calibration import choices, fits
from mesh_abm.calibration.choices import MICRO, SECONDS_A_MONTH
from mesh_abm.calibration.inputs import Inputs
from mesh_abm.calibration.prices import newest_ratio
from mesh_abm.calibration.steps import Beside, Input, Step, weakest
from mesh_abm.calibration.tables import cell, figure, kind_of, table

OTHER = "other"
REFERENCE_SIZE = 8
"""Billion parameters of the model on which decode speeds are given."""


@dataclass(frozen=True)
class Model:
    """A model a device can run: ``score`` on the board, ``parameters`` in billions."""

    name: str
    parameters: float
    score: float

    @property
    def memory(self) -> float:
        """Memory it needs, GB."""
        return self.parameters * float(choices.MODEL_BYTES.value)


@dataclass(frozen=True)
class Device:
    """A class with the model it runs: tokens per second on it, quality of its answers, power in W."""

    name: str
    share: float
    model: Model
    speed: float
    quality: float
    power: float


@cache
def models() -> tuple[Model, ...]:
    """Return the general device-size models on the board with the most sizes, best first."""
    board = table("model_quality").query("benchmark == @choices.SIZES_BOARD and category == 'overall'")
    general = board.query("size_class == 'device' and specialisation == 'general'")
    rows = general[["model", "parameters_b", "score"]].itertuples(index=False)
    every = [Model(str(name), float(size), float(score)) for name, size, score in rows]
    return tuple(sorted(every, key=lambda m: -m.score))


def speed_on(model: Model, speed: float) -> float:
    """Return tokens per second on a model, from those on 8B: decoding reads all weights for each token."""
    return speed * REFERENCE_SIZE / model.parameters


def best_model(memory: float, speed: float) -> Model:
    """Return the best model that fits `memory` GB and is no slower than reading; the smallest if none is."""
    return next(
        (m for m in models() if m.memory <= memory and readable(speed_on(m, speed))), smallest_model()
    )


def smallest_model() -> Model:
    """Return the model that every device can run, if slowly."""
    return min(models(), key=lambda m: m.parameters)


def readable(speed: float) -> bool:
    """Return whether answers come no slower than people read."""
    return speed >= float(choices.READING_SPEED.value)


def devices(inputs: Inputs) -> list[Device]:
    """Return the classes of device_classes.csv and class `other`, shares summing to 1."""
    owning = float(inputs.take("share_of_people_owning_any_capable_device").value)
    rows = table("device_classes")
    base = rows["installed_base_share"]
    known = [_device(name, owning * float(base[name] / base.sum())) for name in rows.index.astype(str)]
    slow = smallest_model()
    speed = speed_on(slow, float(choices.OTHER_SPEED.value))
    return [*known, Device(OTHER, 1 - owning, slow, speed, _quality(slow), float(choices.OTHER_POWER.value))]


def _device(name: str, share: float) -> Device:
    reserve = choices.CARD_RESERVE if name in choices.CARDS else choices.SHARED_RESERVE
    speed, power = _figure(name, "decode_tok_s_8b_q4_normalised"), _figure(name, "inference_power_w")
    model = best_model(_figure(name, "memory_gb") - float(reserve.value), speed)
    return Device(name, share, model, speed_on(model, speed), _quality(model), power)


def _figure(name: str, column: str) -> float:
    return figure("device_classes", name, column)


def _quality(model: Model) -> float:
    return model.score / models()[0].score * float(newest_ratio().value)


def steps(inputs: Inputs, batch: Step) -> list[Step]:
    """Return the columns of the classes, the bar for joining, and the hardware cost of a query."""
    every = devices(inputs)
    speeds = _speeds(every)
    quality = _qualities(every)
    merit = _merits(inputs, every, speeds, quality)
    capacity = _capacities(inputs, every, speeds, batch)
    return [
        _shares(inputs, every),
        _models(every),
        speeds,
        quality,
        merit,
        capacity,
        _running_costs(inputs, every, speeds, batch),
        _bar(inputs, every, merit),
        _hardware(inputs, every, capacity),
    ]


def _column(every: list[Device], of: Callable[[Device], float]) -> dict[str, float]:
    return {device.name: of(device) for device in every}


def _from_classes(column: str, kinds: str = "kind") -> Input:
    """A column of device_classes.csv as an input, as well known as its weakest row."""
    rows = table("device_classes")
    sources = dict.fromkeys(key for cell in rows["source"] for key in cell.split(";"))
    source = "own_knowledge" if kinds != "kind" else ";".join(sources)
    kind = weakest(kind_of(text) for text in rows[kinds])
    return Input(f"{column} of {len(rows)} classes", f"{len(rows)} figures", kind, source)


def _shares(inputs: Inputs, every: list[Device]) -> Step:
    owning = inputs.take("share_of_people_owning_any_capable_device")
    return Step(
        "classes.share",
        _column(every, lambda d: d.share),
        "of people",
        "share of the installed base x share of people who own any capable device; the rest is class other",
        (owning, _from_classes("installed_base_share", "installed_base_share_kind")),
        note="no measured installed base was found: take each share as right within a factor of three",
    )


def _models(every: list[Device]) -> Step:
    return Step(
        "classes.model",
        {d.name: d.model.name for d in every},
        "",
        "the best general device-size model that fits memory less a reserve and is no slower than reading; "
        "if there is none, the smallest",
        (
            Input(
                choices.SIZES_BOARD, f"{len(models())} general device-size models", "measured", "livebench"
            ),
            _from_classes("memory_gb"),
            choices.MODEL_BYTES,
            choices.CARD_RESERVE,
            choices.SHARED_RESERVE,
            choices.READING_SPEED,
        ),
        sets=False,
    )


def _speeds(every: list[Device]) -> Step:
    return Step(
        "classes.speed",
        _column(every, lambda d: d.speed),
        "tokens/s",
        "decode speed on 8B at 4 bits x 8 / billion parameters of the model it runs",
        (_from_classes("decode_tok_s_8b_q4_normalised"), choices.OTHER_SPEED),
        sets=False,
        note="one query at a time; phones get hot and slow down, serving several at once is faster",
        beside=(
            Beside(
                "median of what home devices use of their bandwidth",
                fits.bandwidth_efficiency(),
                "of bandwidth",
            ),
        ),
    )


def _qualities(every: list[Device]) -> Step:
    scores = Input(choices.SIZES_BOARD, "scores of general device-size models", "measured", "livebench")
    return Step(
        "classes.quality",
        _column(every, lambda d: d.quality),
        "of the hosted answer",
        "score of the model it runs / best general device-size score there x newest best device-size / best hosted",
        (scores, newest_ratio()),
        note="scores of full precision; 4-bit loss by task was not found",
    )


def _merits(inputs: Inputs, every: list[Device], speeds: Step, quality: Step) -> Step:
    hosted = inputs.take("hosted_speed")
    merit = _column(every, lambda d: d.quality * d.speed / float(hosted.value))
    able = [d for d in every if readable(d.speed)]
    people = sum(d.share for d in able)
    mean = sum(d.share * merit[d.name] for d in able) / people
    return Step(
        "classes.merit",
        merit,
        "of the hosted service",
        "quality x tokens/s / hosted tokens per second and user",
        (quality.as_input(), speeds.as_input(), hosted),
        note="the figure on which a mesh depends most, and its yardstick has no source",
        beside=(
            Beside("people in classes that may join at the start", people, "of people"),
            Beside("mean merit of those", mean, "of the hosted service"),
        ),
    )


def _capacities(inputs: Inputs, every: list[Device], speeds: Step, batch: Step) -> Step:
    idle, written = inputs.take("device_idle_and_available_share"), inputs.take("model_tokens_out_per_query")
    seconds = float(idle.value) * SECONDS_A_MONTH
    return Step(
        "classes.capacity",
        _column(every, lambda d: d.speed * seconds / float(written.value) / batch.number),
        "queries a month",
        "tokens/s x idle share x seconds a month / tokens out / batch",
        (speeds.as_input(), idle, written, batch.as_input()),
        note="reading the question is not counted",
    )


def _running_costs(inputs: Inputs, every: list[Device], speeds: Step, batch: Step) -> Step:
    price, written = inputs.take("electricity_price_household_us"), inputs.take("model_tokens_out_per_query")
    per_joule = float(price.value) / 3.6e6  # a kWh is 3.6 MJ

    def cost(device: Device) -> int:
        return round(MICRO * device.power * float(written.value) / device.speed * per_joule * batch.number)

    return Step(
        "classes.running_cost",
        _column(every, cost),
        "micro-credits a query",
        "power x time to write an answer x household price of electricity x batch",
        (
            _from_classes("inference_power_w"),
            choices.OTHER_POWER,
            speeds.as_input(),
            written,
            price,
            batch.as_input(),
        ),
        note="power mixes wall peaks, board limits and guesses",
    )


def _bar(inputs: Inputs, every: list[Device], merit: Step) -> Step:
    hosted, lowest = inputs.take("hosted_speed"), min(d.quality for d in every)
    return Step(
        "capable_merit",
        lowest * float(choices.READING_SPEED.value) / float(hosted.value),
        "of the hosted service",
        "smallest quality x reading speed / hosted tokens per second and user: slower than reading cannot join yet",
        (
            Input("smallest quality of a class", lowest, "measured", "livebench"),
            choices.READING_SPEED,
            hosted,
        ),
        note="progress lifts devices over the bar, and the personal factor of merit some of class other from the start",
        beside=(Beside("merit of class other", merit.of(OTHER), "of the hosted service"),),
    )


def _hardware(inputs: Inputs, every: list[Device], capacity: Step) -> Step:
    life, card = inputs.take("device_lifetime"), _card_price()
    monthly = MICRO * float(card.value) / float(life.value)
    offered, load = capacity.of(choices.MARGINAL_CLASS), _real_load(inputs, every)
    return Step(
        "hardware_cost",
        monthly / offered,
        "micro-credits a query",
        "price of a 24 GB card / (lifetime x capacity at the idle share)",
        (card, life, capacity.as_input()),
        note="crossing by list is not crossing in fact: no device gets that much to do",
        beside=(
            Beside("queries a device gets if the mesh serves all it can", load, "queries a month"),
            Beside("hardware cost at that load", monthly / load, "micro-credits a query"),
            Beside("queries it could serve", offered, "queries a month"),
        ),
    )


def _card_price() -> Input:
    name = choices.MARGINAL_CLASS
    example = cell("device_classes", name, "example")
    return Input(f"price of {example}", _figure(name, "launch_price_usd"), "reported", "gpu_info_api", "USD")


def _real_load(inputs: Inputs, every: list[Device]) -> float:
    """All queries that need no frontier model, spread over the devices of classes that may join."""
    able = sum(d.share for d in every if readable(d.speed))
    return choices.DEMAND * (1 - float(inputs.take("frontier_share").value)) / able
