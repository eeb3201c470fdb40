"""Members: how they come and go, what being online costs, and what is in their wallets."""

from __future__ import annotations

from mesh_abm.calibration import choices
from mesh_abm.calibration.choices import DEMAND, HOURS_A_MONTH, MICRO
from mesh_abm.calibration.inputs import Inputs
from mesh_abm.calibration.steps import Beside, Input, Step


def steps(inputs: Inputs, price: Step) -> list[Step]:
    """Return churn, link failure, contagion and friction, standing cost and wallets."""
    standing = standing_cost(inputs)
    return [
        rate(inputs, "churn", "monthly_churn_mu"),
        rate(inputs, "link_failure", "coordination_friction_kappa"),
        contagion(inputs),
        friction(),
        standing,
        *wallets(price, standing),
    ]


def rate(inputs: Inputs, field: str, row: str) -> Step:
    """Return a monthly rate of the predecessor."""
    given = inputs.take(row)
    return Step(
        field, float(given.value), "per month", "the predecessor's calibration", (given,), note=_NOTES[field]
    )


_NOTES = {
    "churn": "weak: from lifetimes of hosted models; one device lifetime of 48 months gives the low end, .02",
    "link_failure": "the predecessor's residual given mu = .1, not an independent estimate",
}


def contagion(inputs: Inputs) -> Step:
    """Return gamma: the predecessor gives beta gamma."""
    product, beta = inputs.take("beta_gamma"), choices.BETA
    return Step(
        "contagion",
        float(product.value) / float(beta.value),
        "per month",
        "the predecessor's beta gamma at beta = 1/2",
        (product, beta),
        note="the predecessor chose it so that friction stays positive: not an estimate",
    )


def friction() -> Step:
    """Return the scale of the logit of adoption."""
    doubt = choices.INFORMATION_FRICTION
    return Step(
        "information_friction",
        MICRO * float(doubt.value),
        "micro-credits a month",
        "one dollar a month",
        (doubt,),
    )


def standing_cost(inputs: Inputs) -> Step:
    """Return what being online costs: power drawn while idle, all month, at the household price."""
    power, price = choices.IDLE_POWER, inputs.take("electricity_price_household_us")
    dollars = float(power.value) / 1000 * HOURS_A_MONTH * float(price.value)
    return Step(
        "standing_cost",
        round(MICRO * dollars),
        "micro-credits a month",
        "power of being online x hours of a month x household price of electricity",
        (power, price),
    )


def wallets(price: Step, standing: Step) -> list[Step]:
    """Return income, initial wallet and wallet cap: 3, 6 and 12 times the monthly bill at the provider.

    The income is never less than bill and standing cost together: else nobody could afford to be online, whatever a
    mesh is worth. Initial wallet and cap keep their proportion to it.
    """
    bill = DEMAND * price.number
    income = max(float(choices.INCOME_BILLS.value) * bill, bill + standing.number)
    common = (price.as_input("provider_price"), standing.as_input("standing_cost"), choices.INCOME_BILLS)
    return [
        Step(
            "income",
            round(income),
            "micro-credits a month",
            "3 times the monthly bill at the provider, but at least that bill and the standing cost",
            common,
            note=_floor_note(income, bill),
            beside=(Beside("income in monthly bills", income / bill, "bills"),),
        ),
        _purse("initial_wallet", income, choices.START_BILLS, common),
        _purse("wallet_cap", income, choices.CAP_BILLS, common),
    ]


def _floor_note(income: float, bill: float) -> str:
    floored = income > float(choices.INCOME_BILLS.value) * bill
    return "the floor binds: 3 bills would not pay for being online" if floored else ""


def _purse(field: str, income: float, bills: Input, common: tuple[Input, ...]) -> Step:
    months = float(bills.value) / float(choices.INCOME_BILLS.value)
    rule = f"{bills.value:g} times the monthly bill at the provider ({months:g} times the income)"
    return Step(field, round(months * income), "micro-credits", rule, (*common, bills))
