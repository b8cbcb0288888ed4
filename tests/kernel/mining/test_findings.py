"""Findings: planted effects are found, noise yields none, and every finding can be read."""

from datetime import UTC, datetime, timedelta
from random import Random

import numpy as np
import pytest

from servoloop.kernel.metrics.case_facts import CaseFacts, Question
from servoloop.kernel.mining.event_log import EventLog
from servoloop.kernel.mining.findings.catalogue import RULES
from servoloop.kernel.mining.findings.find import find, look
from servoloop.kernel.mining.findings.finding import Finding
from servoloop.kernel.mining.findings.promise_rules import find_in_cases
from servoloop.kernel.mining.findings.time_rules import _bimodality
from servoloop.kernel.mining.waiting.decompose import decompose_waiting
from tests.kernel.mining.cast import read_text

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
Step = tuple[float, str, str]
"""Hours after the case began, activity, team."""


def log_of_cases(cases: list[tuple[float, str, list[Step]]]) -> EventLog:
    """Cases as (hours after Monday, topic, steps)."""
    rows = [
        f"{number},{name},{_text(begin + hours)},{team},{topic}"
        for number, (begin, topic, steps) in enumerate(cases)
        for hours, name, team in steps
    ]
    return read_text("case,activity,timestamp,team,topic\n" + "\n".join(rows) + "\n").log


def _text(hours: float) -> str:
    return f"{MONDAY + timedelta(hours=hours):%Y-%m-%d %H:%M:%S}"


def stretched(names: list[str], teams: list[str], hours: float) -> list[Step]:
    """The steps spread evenly over the hours."""
    gaps = max(1, len(names) - 1)
    return [(hours * i / gaps, n, t) for i, (n, t) in enumerate(zip(names, teams, strict=True))]


def noise(seed: int, cases: int = 240) -> EventLog:
    """Loops, transfers, topics and weekdays without any effect on the time."""
    random = Random(seed)
    made = []
    for _ in range(cases):
        loops = random.choices((0, 1, 2), (5, 3, 2))[0]
        names = ["receive", "work", *(["ask", "work"] * loops), "close"]
        teams = [random.choice(("north", "south", "east")) for _ in names]
        begin, topic = random.random() * 2000, random.choice(("billing", "repair"))
        made.append((begin, topic, stretched(names, teams, random.lognormvariate(3, 1))))
    return log_of_cases(made)


def rules(found: tuple[Finding, ...]) -> list[str]:
    return [finding.rule.id for finding in found]


def test_in_noise_something_is_found_as_rarely_as_stated():
    alarms = sum(bool(find(noise(seed), random=Random(seed))) for seed in range(60))
    assert alarms <= 8  # 5 % of 60 is 3; more than 8 happens less than once in a hundred such runs


def test_cases_that_change_hands_and_take_longer_are_found():
    random = Random(1)
    made = []
    for number in range(300):
        passed = number % 3 == 0
        teams = ["a", "b", "a", "b"] if passed else ["a"] * 4
        hours = random.lognormvariate(3, 0.3) + 30 * passed
        made.append((random.random() * 1000, "x", stretched(list("pqrs"), teams, hours)))
    (finding,) = find(log_of_cases(made), random=random)
    assert finding.rule.id == "transfers"
    assert (finding.cases, finding.n) == (100, 300)
    assert finding.effect.low < 30 < finding.effect.high
    assert "33 %" in finding.says.default
    assert finding.gain == pytest.approx(finding.effect.hours * 100 / _weeks(made))


def _weeks(made) -> float:
    begin = min(each[0] for each in made)
    end = max(each[0] + each[2][-1][0] for each in made)
    return (end - begin) / 168


def test_a_loop_is_told_once_and_only_if_it_costs_time():
    random = Random(2)

    def cases(cost: float) -> EventLog:
        made = []
        for number in range(300):
            back = number % 2
            names = ["receive", "ask", "wait", *(["ask", "wait"] if back else []), "close"]
            hours = random.lognormvariate(3, 0.3) + cost * back
            steps = stretched(names, ["a"] * len(names), hours)
            made.append((random.random() * 1000, "x", steps))
        return log_of_cases(made)

    assert rules(find(cases(30), random=random)) == ["loops"]
    assert rules(find(cases(0), random=random)) == []


def test_shuffled_times_destroy_a_finding():
    random = Random(3)
    made = []
    for number in range(300):
        back = number % 2
        names = ["receive", "work", *(["ask", "work"] if back else []), "close"]
        made.append((random.random() * 1000, names, random.lognormvariate(3, 0.3) + 30 * back))

    def log(hours: list[float]) -> EventLog:
        steps = [
            stretched(each[1], ["a"] * len(each[1]), h) for each, h in zip(made, hours, strict=True)
        ]
        return log_of_cases([(m[0], "x", s) for m, s in zip(made, steps, strict=True)])

    hours = [each[2] for each in made]
    assert rules(find(log(hours), random=random)) == ["loops"]
    fired = 0
    for _ in range(20):
        random.shuffle(hours)
        fired += bool(find(log(hours), random=random))
    assert fired <= 4  # 5 % of 20 is 1


def test_two_steps_in_either_order_could_be_done_at_once():
    random = Random(4)
    made = []
    for number in range(200):
        pair = ["check stock", "check price"]
        names = ["receive", *(pair if number % 2 else pair[::-1]), "close"]
        made.append((random.random() * 1000, "x", stretched(names, ["a"] * 4, 30)))
    (finding,) = find(log_of_cases(made), random=random)
    assert finding.rule.id == "any_order"
    assert finding.effect.hours == pytest.approx(10)


def test_an_approval_that_always_says_yes_is_named():
    made = []
    for number in range(400):
        names = ["receive", "审批", "refund" if number % 100 else "talk again", "close"]
        made.append((number * 2.0, "x", stretched(names, ["a"] * 4, 12)))
    (finding,) = find(log_of_cases(made), random=Random(5))
    assert (finding.rule.id, finding.subject) == ("approvals", "审批")
    assert finding.evidence["share"] == 0.99
    assert finding.effect.hours == pytest.approx(4)


def test_refusing_after_all_the_work_is_late_and_at_once_is_not():
    def cases(before: list[str]) -> EventLog:
        made = []
        for number in range(300):
            is_refused = number % 4 == 0
            names = [*before, "reject"] if is_refused else ["a", "b", "c", "d", "pay"]
            made.append((number * 2.0, "x", stretched(names, ["a"] * len(names), 12)))
        return log_of_cases(made)

    assert rules(find(cases(["a", "b", "c", "d"]), random=Random(6))) == ["late_rejects"]
    assert rules(find(cases(["a"]), random=Random(6))) == []


def test_a_scripted_topic_among_varied_ones_is_named():
    random = Random(7)
    made = []
    for number in range(400):
        simple = number % 4 == 0
        middle = ["look", "test", "fix"]
        random.shuffle(middle)
        names = ["receive", "answer", "close"] if simple else ["receive", *middle, "close"]
        topic = "address" if simple else "fault"
        hours = random.lognormvariate(3, 0.5)
        made.append((random.random() * 1000, topic, stretched(names, ["a"] * len(names), hours)))
    found = [f for f in find(log_of_cases(made), random=random) if f.rule.id == "scripted"]
    assert [each.subject for each in found] == ["topic = address"]


def test_reopened_topics_are_named():
    random = Random(8)
    made = []
    for _ in range(500):
        topic = random.choice(("router", "bill", "move"))
        again = random.random() < (0.4 if topic == "router" else 0.05)
        names = ["receive", "work", "close", *(["work", "close"] if again else [])]
        steps = stretched(names, ["a"] * len(names), 10 + 20 * again)
        made.append((random.random() * 1000, topic, steps))
    found = {each.rule.id: each for each in find(log_of_cases(made), random=random)}
    assert found["reopens"].subject == "topic = router"
    assert found["reopens"].evidence["share"] == pytest.approx(0.4, abs=0.1)


def test_cases_that_age_over_the_weekend_are_found():
    random = Random(9)
    made = []
    for number in range(420):
        begin = (number % 140) * 12.0
        at = MONDAY + timedelta(hours=begin)
        late = at.weekday() >= 5 or (at.weekday() == 4 and at.hour >= 12)
        hours = random.lognormvariate(2, 0.3) + 48 * late
        made.append((begin, "x", stretched(["receive", "close"], ["a", "a"], hours)))
    assert "weekends" in rules(find(log_of_cases(made), random=random))


def test_a_faster_order_of_the_same_work_is_worth_a_pilot():
    random = Random(10)
    made = []
    for number in range(300):
        other = number % 5 == 0
        names = ["a", "c", "b", "d"] if other else ["a", "b", "c", "d"]
        hours = random.lognormvariate(3, 0.2) * (0.4 if other else 1)
        made.append((random.random() * 1000, "x", stretched(names, ["t"] * 4, hours)))
    found = {each.rule.id: each for each in find(log_of_cases(made), random=random)}
    assert found["better_variant"].subject == "a > c > b > d"


def test_customers_who_ask_where_it_is():
    made = []
    for number in range(200):
        names = ["receive", "催单", "close"] if number % 3 == 0 else ["receive", "close"]
        made.append((number * 3.0, "x", stretched(names, ["a"] * len(names), 12)))
    (finding,) = find(log_of_cases(made), random=Random(11))
    assert (finding.rule.id, finding.cases) == ("status_questions", 67)


def log_with_starts() -> EventLog:
    """One clerk, cases every hour, each takes ten minutes or two hours: a queue builds."""
    rows = ["case,activity,start,timestamp,resource"]
    free = MONDAY
    for number in range(300):
        asked = MONDAY + timedelta(hours=number)
        rows.append(f"{number},ask,{asked:%Y-%m-%d %H:%M:%S},{asked:%Y-%m-%d %H:%M:%S},web")
        begin = max(asked, free)
        free = begin + timedelta(minutes=10 if number % 2 else 112)
        rows.append(f"{number},answer,{begin:%Y-%m-%d %H:%M:%S},{free:%Y-%m-%d %H:%M:%S},ada")
    return read_text("\n".join(rows) + "\n").log


def test_waiting_and_a_mixed_queue_are_found_where_starts_are_known():
    log = log_with_starts()
    waits = decompose_waiting(log, calendars={})
    found = {each.rule.id: each for each in find(log, random=Random(12), waits=waits)}
    assert found["mixed_queue"].subject == "answer"
    assert found["mixed_queue"].evidence["ratio"] == pytest.approx(11.2, rel=0.01)
    assert "waiting" not in found or found["waiting"].evidence["share"] > 0.8
    assert not {"waiting", "mixed_queue", "batches", "peaks"} & set(
        rules(find(log, random=Random(12)))
    )


def queue(seed: int, rate, *, weeks: int = 10) -> EventLog:
    """Two clerks, an hour of work each time; `rate` is arrivals in an hour of the week."""
    random = Random(seed)
    rows, number = ["case,activity,start,timestamp,resource"], 0
    free = {"ada": 0.0, "bo": 0.0}
    for hour in range(weeks * 168):
        for asked in sorted(hour + random.random() for _ in range(_poisson(random, rate(hour)))):
            who = min(free, key=lambda name: free[name])
            begin = max(asked, free[who])
            free[who] = begin + random.expovariate(1)
            rows.append(f"{number},ask,{_text(asked)},{_text(asked)},web")
            rows.append(f"{number},answer,{_text(begin)},{_text(free[who])},{who}")
            number += 1
    return read_text("\n".join(rows) + "\n").log


def _poisson(random: Random, mean: float) -> int:
    count, at = 0, random.expovariate(1)
    while at < mean:
        count, at = count + 1, at + random.expovariate(1)
    return count


def test_the_peaks_of_chance_are_no_peaks_and_those_of_every_week_are():
    for seed in range(6):
        log = queue(seed, lambda hour: 1.2)
        found = find(log, random=Random(seed), waits=decompose_waiting(log, calendars={}))
        assert not {"peaks", "batches", "mixed_queue"} & set(rules(found)), seed
    log = queue(7, lambda hour: 6.0 if hour % 168 in (0, 1, 24, 25) else 0.6)
    found = find(log, random=Random(7), waits=decompose_waiting(log, calendars={}))
    (peak,) = [each for each in found if each.rule.id == "peaks"]
    assert peak.evidence["quarter_share"] > 1.5 * peak.evidence["work_share"]


def test_one_kind_of_work_is_not_two():
    generator = np.random.default_rng(1)
    coefficient, _, _ = _bimodality(generator.normal(0, 1, 2000))
    assert coefficient < 0.45  # of a normal distribution: one third
    two = np.concatenate([generator.normal(0, 0.3, 1000), generator.normal(3, 0.3, 1000)])
    coefficient, ratio, smaller = _bimodality(two)
    assert coefficient > 0.8
    assert ratio == pytest.approx(np.exp(3), rel=0.1)
    assert smaller == pytest.approx(0.5, abs=0.01)


def test_unanswered_escalations_are_found_in_live_cases():
    def case(number: int, late: bool) -> CaseFacts:
        due = MONDAY + timedelta(hours=number)
        answered = due + timedelta(hours=5 if late else -1)
        question = Question(
            raised_at=due - timedelta(hours=2),
            due=due,
            missed_at=due if late else None,
            answered_at=answered,
            ended_at=answered,
        )
        return CaseFacts(
            case=number,
            process="help",
            customer="mo",
            channel="portal",
            opened_at=due - timedelta(hours=3),
            is_customers_own=True,
            questions=(question,),
        )

    at = MONDAY + timedelta(days=7)
    (finding,) = find_in_cases([case(n, n % 2 == 0) for n in range(60)], at=at)
    assert (finding.rule.id, finding.cases, finding.effect.hours) == ("unanswered", 30, 5)
    assert find_in_cases([case(n, n % 10 == 0) for n in range(60)], at=at) == ()


def test_every_finding_can_be_read_in_both_languages():
    log = log_with_starts()
    for finding in find(log, random=Random(1), waits=decompose_waiting(log, calendars={})):
        for text in (finding.says, finding.gain_how, finding.rule.name, finding.rule.redesign):
            assert text.in_language("en")
            assert text.in_language("zh") != text.in_language("en")
        assert len(finding.key) == 16
        assert finding.affected


def test_there_are_twenty_rules_and_a_log_says_which_it_cannot_answer():
    assert [rule.number for rule in RULES] == list(range(1, 21))
    plain = look(noise(1), random=Random(1)).not_asked
    # A plain log has teams and topics, and neither starts, nor systems, visits or escalations.
    assert set(plain) == {2, 3, 4, 5, 6, 8, 11, 12, 13, 15, 17, 18, 19}
    for number, why in plain.items():
        assert "not asked because the log has no" in why.in_language("en"), number
        assert "未检验" in why.in_language("zh")
