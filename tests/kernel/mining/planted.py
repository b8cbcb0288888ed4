"""A log for each rule of the catalogue: with its effect, or the same log shuffled to destroy it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random

from servoloop.kernel.metrics.case_facts import CaseFacts, Question
from servoloop.kernel.mining.event_log import EventLog
from tests.kernel.mining.cast import read_text

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CASES = 260
Planter = Callable[[Random, bool], EventLog]


def moment(hours: float) -> str:
    return f"{MONDAY + timedelta(hours=hours):%Y-%m-%d %H:%M:%S}"


def plain(rows: list[tuple[object, ...]], *columns: str) -> EventLog:
    """Rows of case, activity, hours and further columns."""
    head = ",".join(("case", "activity", "timestamp", *columns))
    lines = [f"{c},{a},{moment(float(str(h)))},{','.join(map(str, r))}" for c, a, h, *r in rows]
    return read_text("\n".join([head, *lines]) + "\n").log


def worked(rows: list[tuple[object, ...]], *columns: str) -> EventLog:
    """Rows of case, activity, begin, end and further columns."""
    head = ",".join(("case", "activity", "start", "timestamp", *columns))
    lines = [
        f"{c},{a},{moment(float(str(b)))},{moment(float(str(e)))},{','.join(map(str, r))}"
        for c, a, b, e, *r in rows
    ]
    return read_text("\n".join([head, *lines]) + "\n").log


def paths(
    random: Random,
    paths_: list[list[str]],
    longer: list[float],
    *,
    is_planted: bool,
    groups: list[list[str]] | None = None,
    begins: list[float] | None = None,
) -> EventLog:
    """Cases along paths; `longer` hours go to their cases, or shuffled to any."""
    spans = [random.lognormvariate(3, 0.5) + each for each in longer]
    if not is_planted:
        random.shuffle(spans)
    rows: list[tuple[object, ...]] = []
    for case, (path, span) in enumerate(zip(paths_, spans, strict=True)):
        begin = begins[case] if begins else random.random() * 1500
        teams = groups[case] if groups else ["a"] * len(path)
        step = span / max(1, len(path) - 1)
        rows += [(case, n, begin + i * step, teams[i]) for i, n in enumerate(path)]
    return plain(rows, "team")


def transfers(random: Random, is_planted: bool) -> EventLog:
    passed = [n % 3 == 0 for n in range(CASES)]
    return paths(
        random,
        [list("pqrs")] * CASES,
        [40.0 * p for p in passed],
        is_planted=is_planted,
        groups=[["a", "b", "a", "b"] if p else ["a"] * 4 for p in passed],
    )


def loops(random: Random, is_planted: bool) -> EventLog:
    back = [n % 2 for n in range(CASES)]
    made = [["receive", "work", *(["wait", "work"] if b else []), "close"] for b in back]
    return paths(random, made, [40.0 * b for b in back], is_planted=is_planted)


def same_question(random: Random, is_planted: bool) -> EventLog:
    again = [n % 3 == 0 for n in range(CASES)]
    ask = "Request the serial number"
    made = [["receive", ask, *(["look", ask] if a else ["look"]), "close"] for a in again]
    return paths(random, made, [40.0 * a for a in again], is_planted=is_planted)


def revisits(random: Random, is_planted: bool) -> EventLog:
    again = [n % 4 == 0 for n in range(CASES)]
    made = [["plan", "Visit", *(["Order part", "Visit"] if a else []), "close"] for a in again]
    return paths(random, made, [60.0 * a for a in again], is_planted=is_planted)


def weekends(random: Random, is_planted: bool) -> EventLog:
    begins = [random.random() * 1500 for _ in range(CASES)]
    at = [MONDAY + timedelta(hours=each) for each in begins]
    late = [m.weekday() >= 5 or (m.weekday() == 4 and m.hour >= 12) for m in at]
    made = [["receive", "close"]] * CASES
    return paths(random, made, [60.0 * w for w in late], is_planted=is_planted, begins=begins)


def better_variant(random: Random, is_planted: bool) -> EventLog:
    other = [n % 4 == 0 for n in range(CASES)]
    made = [list("acbd") if o else list("abcd") for o in other]
    return paths(random, made, [0.0 if o else 40.0 for o in other], is_planted=is_planted)


def approvals(random: Random, is_planted: bool) -> EventLog:
    then = ["refund" if is_planted and n % 100 else random.choice(("refund", "refuse"))
            for n in range(CASES)]  # fmt: skip
    return paths(
        random, [["receive", "Approve", t, "close"] for t in then], [0.0] * CASES, is_planted=True
    )


def late_rejects(random: Random, is_planted: bool) -> EventLog:
    made = []
    for number in range(CASES):
        before = 4 if is_planted else random.randrange(1, 4)
        made.append([*"abcd"[:before], "reject"] if number % 4 == 0 else [*"abcd", "pay"])
    return paths(random, made, [0.0] * CASES, is_planted=True)


def any_order(random: Random, is_planted: bool) -> EventLog:
    pair = ["check stock", "check price"]
    made = [
        ["receive", *(pair[::-1] if is_planted and random.random() < 0.5 else pair), "close"]
        for _ in range(CASES)
    ]
    return paths(random, made, [0.0] * CASES, is_planted=True)


def topics(random: Random, made: list[tuple[str, list[str]]], *, is_planted: bool) -> EventLog:
    """Cases with a topic each, or with the topics shuffled."""
    names = [topic for topic, _ in made]
    if not is_planted:
        random.shuffle(names)
    rows: list[tuple[object, ...]] = []
    for case, (_, path) in enumerate(made):
        begin, step = random.random() * 1500, random.lognormvariate(2, 0.5)
        rows += [(case, n, begin + i * step, names[case]) for i, n in enumerate(path)]
    return plain(rows, "topic")


def scripted(random: Random, is_planted: bool) -> EventLog:
    made = []
    for number in range(CASES):
        middle = ["look", "test", "fix"]
        random.shuffle(middle)
        simple = number % 4 == 0
        made.append(("address", ["receive", "answer", "close"]) if simple
                    else ("fault", ["receive", *middle, "close"]))  # fmt: skip
    return topics(random, made, is_planted=is_planted)


def reopens(random: Random, is_planted: bool) -> EventLog:
    made = []
    for _ in range(2 * CASES):
        topic = random.choice(("router", "bill", "move"))
        again = random.random() < (0.4 if topic == "router" else 0.05)
        more = ["work", "close"] if again else []
        made.append((topic, ["receive", "work", "close", *more]))
    return topics(random, made, is_planted=is_planted)


def status_questions(random: Random, is_planted: bool) -> EventLog:
    share = 0.3 if is_planted else 0.1  # the bar itself
    asks = [random.random() < share for _ in range(CASES)]
    made = [["receive", *(["催单"] if a else []), "close"] for a in asks]
    return paths(random, made, [0.0] * CASES, is_planted=True)


def copy_paste(random: Random, is_planted: bool) -> EventLog:
    """Each order is typed into the desk and then the ledger; its product never changes."""
    rows: list[list[object]] = []
    for case in range(CASES):
        at, order, product = random.random() * 1500, random.randrange(10**6), case % 7
        rows.append([case, "take", at, "desk", order, product])
        rows.append([case, "book", at + 1 / 60, "ledger", order, product])
        rows.append([case, "ship", at + 30, "desk", random.randrange(10**6), product])
    if not is_planted:
        values = [row[4] for row in rows]
        random.shuffle(values)
        for row, value in zip(rows, values, strict=True):
            row[4] = value
    return plain([tuple(row) for row in rows], "system", "order", "product")


def waiting(random: Random, is_planted: bool) -> EventLog:
    rows: list[tuple[object, ...]] = []
    for case in range(80):
        at = case * 20.0
        for name in ("receive", "work", "close"):
            at += random.uniform(6, 10) if is_planted else random.uniform(0, 1)
            rows.append((case, name, at, at + 1, f"{name} {case % 3}"))
            at += 1
    return worked(rows, "resource")


def queue(
    random: Random, rate: Callable[[int], float], spend: Callable[[], float], *, weeks: int = 9
) -> EventLog:
    """Two clerks; `rate` is arrivals in an hour of the week."""
    free, rows, case = {"ada": 0.0, "bo": 0.0}, [], 0
    for hour in range(weeks * 168):
        count, at = 0, random.expovariate(1)
        while at < rate(hour):
            count, at = count + 1, at + random.expovariate(1)
        for asked in sorted(hour + random.random() for _ in range(count)):
            who = min(free, key=lambda name: free[name])
            begin = max(asked, free[who])
            free[who] = begin + spend()
            rows.append((case, "ask", asked, asked, "web"))
            rows.append((case, "answer", begin, free[who], who))
            case += 1
    return worked(rows, "resource")


def peaks(random: Random, is_planted: bool) -> EventLog:
    def rate(hour: int) -> float:
        if not is_planted:
            return 0.66  # as many cases, at any hour
        return 5.0 if hour % 168 in (0, 1, 24, 25) else 0.55

    return queue(random, rate, lambda: random.expovariate(1))


def mixed_queue(random: Random, is_planted: bool) -> EventLog:
    def spend() -> float:
        if is_planted:
            return random.choice((0.15, 2.0)) * random.lognormvariate(0, 0.1)
        return random.lognormvariate(-0.4, 0.8)

    return queue(random, lambda hour: 1.2, spend, weeks=2)


def batches(random: Random, is_planted: bool) -> EventLog:
    """Twelve cases a shift: one after the other in the evening, or each when it comes."""
    rows: list[tuple[object, ...]] = []
    for case in range(240):
        day, number = divmod(case, 12)
        asked = day * 24 + number * 0.7 + random.uniform(0, 0.3)
        begin = day * 24 + 9 + number * 0.1 if is_planted else asked + random.uniform(0, 0.1)
        rows.append((case, "ask", asked, asked, "web"))
        rows.append((case, "pay", begin, begin + 0.1, "ada"))
    return worked(rows, "resource")


def idle_skill(random: Random, is_planted: bool) -> EventLog:
    """Two clerks of claims are always busy, two of sales have an hour's work a day."""
    rows: list[list[object]] = []
    free = {"ada": 0.0, "bo": 0.0}
    case = 0
    for day in range(7 * 10):
        if day % 7 > 4:
            continue
        for asked in sorted(day * 24 + random.uniform(0, 6) for _ in range(14)):
            who = min(free, key=lambda name: free[name])
            begin = max(asked, free[who])
            free[who] = begin + random.uniform(0.7, 1.2)
            rows.append([case, "ask", asked, asked, "", ""])
            rows.append([case, "judge claim", begin, free[who], who, "claims"])
            case += 1
        for who in ("lin", "mei"):
            for asked in (day * 24 + 0.2, day * 24 + 4, day * 24 + 7.5):
                rows.append([case, "ask", asked, asked, "", ""])
                rows.append([case, "make offer", asked, asked + 0.2, who, "sales"])
                case += 1
    if not is_planted:  # anybody does anything
        done = [row for row in rows if row[4]]
        people = [row[4:] for row in done]
        random.shuffle(people)
        for row, person in zip(done, people, strict=True):
            row[4:] = person
    return worked([tuple(row) for row in rows], "resource", "team")


def travel(random: Random, is_planted: bool) -> EventLog:
    """One engineer a day, four visits with a drive to each; on the bar when not planted."""
    share = 0.45 if is_planted else 0.30
    rows: list[tuple[object, ...]] = []
    case = 0
    for day in range(60):
        at = day * 24.0
        part = min(0.9, max(0.05, random.gauss(share, 0.1)))
        for _ in range(4):
            rows.append((case, "Drive to the customer", at, at + 2 * part, f"fei{day % 3}"))
            rows.append((case, "Repair", at + 2 * part, at + 2, f"fei{day % 3}"))
            at, case = at + 2, case + 1
    return worked(rows, "resource")


def unanswered(random: Random, is_planted: bool) -> list[CaseFacts]:
    """Escalations; one in five late is the bar itself."""
    share = 0.5 if is_planted else 0.2
    return [_asked(number, is_late=random.random() < share) for number in range(150)]


def _asked(number: int, *, is_late: bool) -> CaseFacts:
    due = MONDAY + timedelta(hours=number)
    answered = due + timedelta(hours=5 if is_late else -1)
    question = Question(
        raised_at=due - timedelta(hours=2),
        due=due,
        missed_at=due if is_late else None,
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


PLANTERS: dict[str, Planter] = {
    planter.__name__: planter
    for planter in (
        *(transfers, waiting, peaks, idle_skill, approvals, late_rejects, any_order),
        *(same_question, loops, scripted, copy_paste, mixed_queue, batches, reopens),
        *(weekends, revisits, travel, status_questions, better_variant),
    )
}
