"""Every parameter of the model with its symbol, unit, range, default, source and meaning, in this one place.

The defaults are the scenario `reference`. The signature of `MeshModel`, the tables in docs/model.md and the
output of `mesh-abm scenarios describe` are generated from here.
"""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, Literal

from mesh_abm.device_classes import REFERENCE_CLASSES, DeviceClass
from mesh_abm.fields import Described, Number, Numbers, OrNone, Share, Shares, Whole, param, text, whole

MONEY = 10**12  # micro-credits: larger amounts are a slip of the keyboard
CHOICE = "choice of the model"


def _group(name: str) -> dict[str, Any]:
    return {"group": name}


_size = _group("size")
_population = _group("rule 2, population")
_technology = _group("rule 1, technology")
_links = _group("rule 3, links")
_response = _group("rules 4 and 7, response and learning")
_quality = _group("rule 4, quality and capacity")
_knowledge = _group("rule 8, knowledge")
_asks = _group("rule 5, asks")
_demand = _group("rule 6, demand")
_market = _group("rule 6, choice")
_routing = _group("rule 6, routing")
_settlement = _group("rule 6, settlement")
_provider = _group("rule 9, provider")
_wallets = _group("rule 2, wallets")
_measures = _group("rule 10, measures")
_share = partial(param, ge=0, le=1)


# fmt: off
class Parameters(Described):
    """All parameters of a run, frozen and checked one by one.

    Money is in micro-credits, a step is a month, a query stands for a batch of real ones of one type.
    """

    n_owners: Whole = whole(2000, "P", "people", "People who own a device.", CHOICE, ge=1, le=10**8, **_size)
    months: Whole = whole(120, "", "months", "Length of the run.", CHOICE, ge=0, le=10**6, **_size)
    seed: Annotated[Whole | None, OrNone] = whole(
        None, "", "", "Seed of all randomness; none: drawn and recorded.", CHOICE, ge=0, le=2**63 - 1,
        **_size,
    )
    population: Literal["fixed", "adoption", "growth"] = text(
        "adoption", "", "", "Who joins: all at once, by contagion with logit adoption, or one after another.",
        "paper 2.1 (adoption: predecessor, Smirl 2026a); growth: Bianconi and Barabási 2001", **_population,
    )
    initial_members: Number = _share(
        0.05, "N(0)/P", "",
        "Chance that an owner is a member at the start (growth: the first share by number).", CHOICE,
        **_population,
    )
    arrivals: Whole = whole(
        10, "", "owners a month", "Owners who join in a month (population growth only).", CHOICE, star=True,
        ge=0, le=10**8, **_population,
    )
    churn: Number = _share(
        0.02, "μ", "per month", "Chance that a member leaves in a month.",
        "mechanism: paper (1), predecessor (Smirl 2026a); value: one device lifetime of 48 months, assumed",
        star=True, **_population,
    )
    innovation: Number = param(
        0.002, "ι", "per month", "Rate of joining without imitation.",
        "Bass 1969; value: choice of the model", star=True, ge=0, le=1000, **_population,
    )
    contagion: Number = param(
        0.6, "γ", "per month", "Rate of imitation when all are members and gain for sure.",
        "predecessor (Smirl 2026a), which has βγ = 0.24; value: choice of the model", star=True, ge=0,
        le=1000, **_population,
    )
    information_friction: Number = param(
        1000, "T_u", "micro-credits a month", "Scale of the logit by which benefit turns into adoption.",
        "predecessor (Smirl 2026a), form; value: choice of the model", star=True, gt=0, le=MONEY,
        **_population,
    )
    standing_cost: Whole = whole(
        300, "", "micro-credits a month", "What being online costs a member.", CHOICE, star=True, ge=0,
        le=MONEY, **_population,
    )
    capable_merit: Number = param(
        0, "", "of the provider's merit", "Merit below which a device cannot be a member.",
        "paper 2.2 (devices become inference-capable); value: choice of the model", star=True, ge=0, le=1e12,
        **_population,
    )
    merit_spread: Number = param(
        0.3, "σ", "of log merit", "Spread of the personal factor of merit (lognormal, mean 1).", CHOICE, ge=0,
        le=10, **_population,
    )
    non_owners: Number = param(
        0, "", "people per owner", "People without a device, who all use the provider.", CHOICE, ge=0, le=1e6,
        **_population,
    )

    classes: tuple[DeviceClass, ...] = param(
        REFERENCE_CLASSES, "", "", "The device classes; their shares sum to 1.",
        "choice of the model (baseline: device_classes.csv)", kind="a list of device classes", **_technology,
    )
    learning_exponent: Number = param(
        0.23, "α", "",
        "Exponent of the learning curve: unit cost falls as cumulative production to minus this.",
        "predecessor (Smirl 2026a), paper 1: 0.23 for memory stacking and packaging", star=True, ge=0, le=10,
        **_technology,
    )
    cumulative_production: Number = param(
        1, "Q_0/P", "units per owner", "Cumulative production at the start, where unit cost is 1.",
        "paper 2.1, form; value: choice of the model", gt=0, le=1e12, **_technology,
    )
    datacenter_volume: Number = param(
        0.1, "", "units per query a month", "Production per unit of capacity that the provider buys.", CHOICE,
        star=True, ge=0, le=1e12, **_technology,
    )
    device_volume: Number = param(
        0.05, "", "units per device", "Production per device that joins.", CHOICE, star=True, ge=0, le=1e12,
        **_technology,
    )
    efficiency_growth: Number = param(
        0.02, "d ln A/dt", "per month", "Growth of the efficiency of algorithms.",
        "paper 2.1 (algorithmic gains), form; value: choice of the model", star=True, ge=-1, le=1,
        **_technology,
    )
    merit_gain: Number = param(
        1, "", "", "Elasticity of device merit to the technology index T = ln(A/c).",
        "paper, Proposition 3 (fitness rises with the learning curve); value: choice of the model", star=True,
        ge=-10, le=10, **_technology,
    )
    capacity_gain: Number = param(
        1, "", "", "Elasticity of device capacity to the technology index.", CHOICE, star=True, ge=-10, le=10,
        **_technology,
    )
    quality_growth: Number = param(
        0.01, "", "per month", "Rate at which the gap of device quality to 1 closes.", CHOICE, star=True,
        ge=0, le=10, **_technology,
    )
    hardware_cost: Number = param(
        2000, "", "micro-credits a query",
        "Hardware cost of a query on the marginal device class at the start.",
        "paper 2.1 (cost parity at the crossing), form; value: choice of the model", star=True, ge=0, le=1e15,
        **_technology,
    )

    specialist_bonus: Number = _share(
        0.6, "", "", "Part of the quality gap to the ceiling that full specialization closes.", CHOICE,
        star=True, **_quality,
    )
    specialist_ceiling: Number = _share(
        1, "", "of a perfect answer", "Quality of a perfect specialist.", CHOICE, star=True, **_quality,
    )
    knowledge_gain: Number = param(
        0.3, "", "", "Gain of capacity from knowledge: 1 + this u/(1 + u).", CHOICE, star=True, ge=0, le=1000,
        **_quality,
    )
    practice: Number = param(
        0.2, "", "per month", "Knowledge gained in a month at full load.", CHOICE, star=True, ge=0, le=1000,
        **_knowledge,
    )
    exchange: Number = param(
        0.05, "e", "per month", "Rate of knowledge flow over a link.",
        "paper (11); value: choice of the model", star=True, ge=0, le=1000, **_knowledge,
    )
    obsolescence: Number = _share(
        0.02, "", "per month", "Part of knowledge lost in a month.", CHOICE, star=True, **_knowledge,
    )

    update_rate: Number = _share(
        0.05, "λ_u", "per link and month", "Chance that an update passes from one neighbor.",
        "paper 5.3 (SIS; Pastor-Satorras and Vespignani 2001); value: choice of the model", star=True,
        **_knowledge,
    )
    update_recovery: Number = _share(
        0.02, "", "per month", "Chance that a device up to date falls behind.",
        "paper 5.3 (SIS); value: choice of the model", star=True, **_knowledge,
    )
    update_seed: Number = _share(
        0.01, "", "per release", "Chance that a member takes up a release by itself.", CHOICE, star=True,
        **_knowledge,
    )
    release_every: Whole = whole(
        12, "", "months", "Months from one model release to the next.", CHOICE, star=True, ge=1, le=10**6,
        **_knowledge,
    )
    update_bonus: Number = param(
        0.05, "", "", "Relative gain of quality when up to date.", CHOICE, star=True, ge=0, le=10, **_quality,
    )

    kernel: Literal["fitness", "degree", "uniform"] = text(
        "fitness", "", "", "Whom a contact finds: by fitness times degree, by degree, or anybody.",
        "paper 3.4 (Bianconi and Barabási 2001; Barabási and Albert 1999); paper (2) (Erdős and Rényi 1960)",
        **_links,
    )
    slots: Whole = whole(
        4, "m", "links", "Relationship slots of a device.", "paper (4), form; value: choice of the model",
        ge=1, le=64, **_links,
    )
    attempts: Whole = whole(
        4, "", "per month", "Contacts that an empty slot makes in a month.", CHOICE, star=True, ge=0, le=1000,
        **_links,
    )
    link_failure: Number = _share(
        0.08, "κ", "per month", "Chance that a filled slot empties in a month.",
        "predecessor (Smirl 2026a): coordination friction 0.08 (0.05 to 0.11)", star=True, **_links,
    )
    link_value: Annotated[Number | None, OrNone] = _share(
        None, "v", "",
        "Chance that a contact is kept, given; none: the chance that a typical offer is preferred.",
        "paper (1); none: choice of the model", kind="a number, or none", star=True, **_links,
    )

    task_types: Whole = whole(
        8, "J", "types", "Task types.", "paper 4.1, form; value: choice of the model", ge=1, le=64, **_demand,
    )
    zipf: Number = param(
        0.9, "", "", "Exponent of the popularity of types, if no mix is given.",
        "Zipf 1949; value: choice of the model", ge=0, le=10, **_demand,
    )
    mix: Annotated[str | Numbers | None, OrNone] = param(
        None, "w", "",
        "Popularity of the types: one number per type, or the name of a shipped mix; none: by zipf.",
        "choice of the model (baseline: query_mix.csv)",
        kind="a list of numbers, the name of a shipped mix, or none", **_demand,
    )
    demand: Number = param(
        2, "λ", "queries a month", "Mean number of queries of a person.", CHOICE, star=True, gt=0, le=1e4,
        **_demand,
    )
    frontier_share: Share | Shares = param(
        0.08, "", "of queries", "Queries that only the provider can serve; a number, or one per type.",
        "paper 2.1 and 7.3 (training and frontier stay central), form; value: choice of the model",
        kind="a number, or a list of them, one per type", star=True, ge=0, le=1, enforce=False, **_demand,
    )

    signal: Literal["local", "global"] = text(
        "local", "s", "", "Where a device hears unserved calls: on its own links, or everywhere.",
        "paper 4.3 says demand signal s_j (global); local: choice of the model", **_response,
    )
    signal_memory: Number = _share(
        0.8, "m", "per month", "Part of the signal kept from month to month.", CHOICE, star=True, **_response,
    )
    steepness: Number = param(
        2, "n", "", "Steepness of the response to the signal.",
        "paper (9), which has n >= 2 (Bonabeau and Theraulaz 1998)", star=True, gt=0, le=100, **_response,
    )
    initial_threshold: Number = param(
        0.5, "θ_0", "of the signal",
        "Mean threshold of newcomers, uniform from 0 to twice this, then clipped.",
        "paper, Proposition 4 (heterogeneous at the start); value: choice of the model", gt=0, le=1e6,
        **_response,
    )
    threshold_min: Number = param(
        0.01, "θ_min", "of the signal", "Lowest threshold; (10) needs bounds.", CHOICE, ge=0, le=1e6,
        **_response,
    )
    threshold_max: Number = param(
        2, "θ_max", "of the signal", "Highest threshold; (10) needs bounds.", CHOICE, gt=0, le=1e6,
        **_response,
    )
    reinforcement: Number = param(
        0.25, "ξ", "per month", "Fall of the threshold of a task that was performed.",
        "paper (10); value: choice of the model", star=True, ge=0, le=1e6, **_response,
    )
    decay: Number = param(
        0.05, "φ", "per month", "Rise of the thresholds of tasks that were not performed.",
        "paper (10); value: choice of the model", star=True, ge=0, le=1e6, **_response,
    )
    learning_rate: Number = _share(
        0.15, "l", "per month", "Shift of a device's capability toward the task it performed.",
        "paper, Proposition 4, which gives no law; choice of the model", star=True, **_response,
    )

    ask_rate: Number = param(
        0.1, "", "per month", "Speed at which an ask follows the use of capacity.",
        "paper 8.2, form; value: choice of the model", star=True, ge=0, le=100, **_asks,
    )
    target_use: Number = _share(
        0.7, "", "of capacity", "Use of capacity at which an ask stays.", CHOICE, star=True, **_asks,
    )
    query_value: Number = param(
        3000, "V", "micro-credits", "Value of a perfect answer.", CHOICE, star=True, ge=0, le=MONEY,
        **_market,
    )
    choice_noise: Number = param(
        200, "", "micro-credits", "Scale of the logit between options.",
        "logit choice (McFadden 1974); value: choice of the model", star=True, gt=0, le=MONEY, **_market,
    )
    latency_cost: Number = param(
        1, "", "micro-credits per ms", "Cost of a millisecond of waiting.", CHOICE, star=True, ge=0, le=1e9,
        **_market,
    )
    hop_latency: Number = param(
        10, "", "ms", "Latency of a hop in the mesh.",
        "predecessor (Smirl 2026a): under 10 ms, network part only", star=True, ge=0, le=1e9, **_market,
    )
    provider_latency: Number = param(
        100, "", "ms", "Latency of the provider.", "predecessor (Smirl 2026a): 50 to 200 ms", star=True, ge=0,
        le=1e9, **_market,
    )
    ttl: Whole = whole(
        4, "", "hops", "Longest search for a specialist.", "paper 8.1, form; value: choice of the model",
        star=True, ge=1, le=10**4, **_routing,
    )
    looks: Whole = whole(
        16, "", "per node", "Neighbors that a search looks at on a node.", CHOICE, star=True, ge=1, le=10**6,
        **_routing,
    )
    relay_fee: Number = param(
        0.02, "", "of the ask", "Fee of a relay.",
        "paper 8.1 (compensation of routing), form; value: choice of the model", star=True, ge=0, le=1000,
        **_routing,
    )

    settlement: Literal["clearinghouse"] = text(
        "clearinghouse", "", "", "How payments settle.", "paper 8.1 (Proposition 6); choice of the model",
        **_settlement,
    )
    settlement_fee: Whole = whole(
        5, "", "micro-credits", "Fee of a delivery through the mesh.", CHOICE, star=True, ge=0, le=MONEY,
        **_settlement,
    )
    settlement_capacity: Number = param(
        float("inf"), "", "deliveries per owner and month", "Deliveries that can settle in a month.",
        "paper, Proposition 6 and Prediction 6, form; value: choice of the model", kind="a number, or inf",
        star=True, ge=0, **_settlement,
    )

    provider_capacity: Number = param(
        3, "K_0/P", "queries a month per owner", "Capacity of the provider at the start.",
        "paper (8), M times c; value: choice of the model", kind="a number, or inf", ge=0, **_provider,
    )
    provider_price: Number = param(
        1000, "p_0", "micro-credits", "Price of a query at the start.",
        "choice of the model (baseline: api_prices.csv)", kind="a number, or inf", ge=0, **_provider,
    )
    pricing: Literal["cost-plus", "undercut", "fixed"] = text(
        "cost-plus", "", "", "How the provider sets its price.", CHOICE, **_provider,
    )
    pass_through: Number = _share(
        0.25, "π", "", "Part of a fall of cost that the price follows (cost-plus).", CHOICE, star=True,
        **_provider,
    )
    undercut: Number = _share(
        0.05, "", "of the mean ask", "How far the price goes below the asks (undercut).", CHOICE, star=True,
        **_provider,
    )
    cost_share: Number = param(
        0.2, "", "of p0", "Cost of a query at the start, the floor of the price (undercut).", CHOICE,
        star=True, ge=0, le=10, **_provider,
    )
    focus: Number = param(
        0, "", "", "How much the provider favors popular types; 0: all alike.",
        "paper (8) is 0; more: the long tail of paper 7.1", star=True, ge=0, le=10, **_provider,
    )
    reinvest: Number = _share(
        0.3, "", "of revenue", "Part of revenue that buys capacity.",
        "paper 1 (investment finances the learning curve), form; value: choice of the model", star=True,
        **_provider,
    )
    unit_price: Number = param(
        6000, "", "micro-credits per query a month", "Price of a unit of capacity at unit cost 1.", CHOICE,
        star=True, gt=0, le=1e15, **_provider,
    )
    depreciation: Number = _share(
        0.02, "", "per month", "Part of capacity lost in a month.", CHOICE, star=True, **_provider,
    )

    income: Whole = whole(
        6000, "", "micro-credits a month", "Income of a member.", CHOICE, star=True, ge=0, le=MONEY,
        **_wallets,
    )
    initial_wallet: Whole = whole(
        10_000, "", "micro-credits", "Wallet of a newcomer.", CHOICE, star=True, ge=0, le=MONEY, **_wallets,
    )
    wallet_cap: Whole = whole(
        20_000, "", "micro-credits", "Wallet above which no income is drawn.", CHOICE, star=True, ge=0,
        le=MONEY, **_wallets,
    )
    rho: Number = param(
        0.5, "ρ", "", "CES exponent over types.", "paper (6), 0 < rho < 1; value: choice of the model", gt=0,
        le=1, **_measures,
    )
    measure_every: Whole = whole(
        12, "", "months", "Months between costly measures; 0: never.", CHOICE, ge=0, le=10**6, **_measures,
    )
