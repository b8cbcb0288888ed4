"""Value: classes with their provenance, shares that sum to one, and costs that add up."""

from datetime import timedelta
from decimal import Decimal

import pytest

from servoloop.kernel.mining.rates import BadRate, Rate, SeveralCurrencies, parse_rate
from servoloop.kernel.mining.sweep import sweep
from servoloop.kernel.mining.value import Standard, ValueOptions, ValueStream, value_stream
from servoloop.kernel.mining.value_classes import (
    Source,
    UnknownValueClass,
    Valued,
    known_value_class,
    value_of,
)
from servoloop.kernel.mining.waiting.decompose import decompose_waiting
from servoloop.kernel.process.step import Layer, Step, ValueClass
from tests.kernel.mining.cast import log_of, read_text
from tests.kernel.mining.planted import worked

CUSTOMER, BUSINESS, WASTE = ValueClass.CUSTOMER, ValueClass.BUSINESS, ValueClass.WASTE


def repairs():
    """Two cases: 1 h check, 2 h repair; the second is repaired twice. An hour's wait between."""
    rows = []
    for case, again in ((0, False), (1, True)):
        rows += [(case, "Check", 0, 1, "ada", "desk"), (case, "Repair", 2, 4, "bo", "field")]
        if again:
            rows.append((case, "Repair", 5, 7, "bo", "field"))
    return worked(rows, "resource", "team")


def stream(log, **options) -> ValueStream:
    waits = None if log.start is None else decompose_waiting(log, calendars={})
    return value_stream(log, sweep(log), waits=waits, **options)


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("Approve the refund", BUSINESS, "Approve"),
        ("Refund by the original way", CUSTOMER, "Refund"),
        ("Wait for parts", WASTE, "Wait"),
        ("转派其他班组", WASTE, "转派"),
        ("审批退款", BUSINESS, "审批"),
        ("答复客户", CUSTOMER, "答复"),
        ("Ask for the serial number", BUSINESS, "Ask"),
        ("Status request of the customer", WASTE, "Status request"),
    ],
)
def test_a_class_is_proposed_from_a_word_of_the_name_and_says_which(name, value, word):
    assert value_of(name) == Valued(value=value, source=Source.NAME, word=word)


def test_the_users_word_counts_before_the_definition_and_that_before_the_name():
    step = Step(value_class=WASTE)
    assert value_of("Repair", step=step, said={"Repair": BUSINESS}).source is Source.USER
    assert value_of("Repair", step=step) == Valued(value=WASTE, source=Source.DEFINITION)
    assert value_of("Repair", step=Step()).source is Source.NAME
    assert value_of("Mow", step=Step(layer=Layer.CUSTOMER)).value is CUSTOMER
    assert value_of("Mow", step=Step(waits_for_customer=True)).value is WASTE
    assert value_of("Mow") == Valued(value=BUSINESS, source=Source.NOTHING)


def test_shares_are_of_the_work_and_doing_it_again_is_waste():
    found = stream(repairs())
    # 2 h of checks, 4 h of first repairs, 2 h of repeated ones.
    assert found.shares == {CUSTOMER: 4 / 8, BUSINESS: 2 / 8, WASTE: 2 / 8}
    assert found.again_share == 2 / 8
    assert sum(found.shares.values()) == pytest.approx(1)
    assert found.service_from == "log"


def test_the_efficiency_is_customer_value_over_cycle_time():
    found = stream(repairs())
    assert found.cycle == timedelta(hours=4 + 7)  # from the first begin to the last end
    assert found.efficiency == pytest.approx(4 / 11)


def test_steps_come_in_the_order_of_the_cases_with_work_and_wait():
    check, repair = stream(repairs()).steps
    assert (check.activity, repair.activity) == ("Check", "Repair")
    assert (repair.executions, repair.cases, repair.again) == (3, 2, 1)
    assert repair.service == timedelta(hours=6)
    assert repair.median_service == timedelta(hours=2)
    assert repair.mean_waiting == timedelta(hours=1)


def test_costs_add_up_over_steps_cases_and_variants():
    rates = {"Check": Rate(amount=Decimal(30), currency="EUR"), "field": Rate(amount=Decimal(50))}
    found = stream(repairs(), options=ValueOptions(rates=rates))
    assert found.currency == "EUR"
    assert [step.cost for step in found.steps] == [Decimal("60.00"), Decimal("300.00")]
    assert found.cost == Decimal("360.00")
    assert found.cost_per_case == Decimal(180)
    assert sum(each.cases * each.per_case for each in found.variants) == found.cost
    assert {len(each.activities): each.per_case for each in found.variants} == {2: 130, 3: 230}


def test_the_rate_of_the_definition_counts_before_that_of_a_role():
    standards = {
        "Check": Standard(step=Step(cost_rate=Decimal(10)), currency="CNY"),
        "Repair": Standard(step=Step(role="field"), currency="CNY"),
    }
    rates = {"field": Rate(amount=Decimal(5)), "desk": Rate(amount=Decimal(99))}
    found = stream(repairs(), standards=standards, options=ValueOptions(rates=rates))
    assert [step.rate.amount for step in found.steps if step.rate] == [10, 5]
    assert found.currency == "CNY"


def test_currencies_are_never_added_up():
    rates = {"Check": parse_rate("30EUR/h"), "Repair": parse_rate("30 CNY/h")}
    with pytest.raises(SeveralCurrencies, match="CNY and EUR"):
        stream(repairs(), options=ValueOptions(rates=rates))


def test_standard_times_stand_in_where_the_log_has_no_starts():
    log = log_of([("1", "Check", "2026-03-02 09:00:00"), ("1", "Repair", "2026-03-02 12:00:00")])
    standards = {"Repair": Standard(step=Step(standard_time=timedelta(minutes=30)))}
    found = stream(log, standards=standards)
    assert found.service_from == "standard"
    assert found.shares[CUSTOMER] == 1
    assert found.efficiency == pytest.approx(0.5 / 3)
    assert found.steps[1].mean_waiting == timedelta(hours=3)  # with the work: said as such
    assert not found.has_waiting


def test_without_any_times_executions_are_counted_and_nothing_is_invented():
    log = read_text("case,activity,timestamp\n1,Check,2026-03-02 09:00:00\n").log
    found = stream(log, options=ValueOptions(rates={"Check": Rate(amount=Decimal(10))}))
    assert found.service_from == "nothing"
    assert (found.efficiency, found.cost, found.variants) == (None, None, ())
    assert found.steps[0].service is None
    assert found.shares[BUSINESS] == 1


@pytest.mark.parametrize("text", ["45EUR/h", "45 EUR", " 45.00 EUR / h"])
def test_a_rate_is_an_amount_with_a_currency(text):
    assert parse_rate(text) == Rate(amount=Decimal(text.strip()[:5].rstrip(" EUR")), currency="EUR")


def test_what_is_no_rate_or_no_class_is_refused_with_an_example():
    with pytest.raises(BadRate, match="45EUR/h"):
        parse_rate("much")
    with pytest.raises(UnknownValueClass, match="customer, business, waste"):
        known_value_class("gold")
