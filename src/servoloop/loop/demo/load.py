"""Loading the demo company: people, calendars, definitions, and a past."""

from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from random import Random

from django.db import connection, transaction

from servoloop.accounts.keeping import keep_colleague, keep_portal_login, keep_role
from servoloop.kernel.process.program import Program
from servoloop.kernel.process.words import Words
from servoloop.loop.demo.cast import COLLEAGUES, MO, ROLES, DemoCustomer, customers
from servoloop.loop.demo.hours import demo_calendars
from servoloop.loop.demo.seed import CASES, Past, play
from servoloop.loop.design import publish
from servoloop.loop.run.cases import number_of
from servoloop.storage.calendars import keep_calendar
from servoloop.storage.case_ids import draw_case_ids
from servoloop.storage.customers import keep_customer
from servoloop.storage.definitions import Published, Signature, is_published, program_of
from servoloop.storage.event_log import Move, Opening, commit

PROCESSES = ("complaint", "refund", "repair")
PASSWORD = "servoloop-demo"  # noqa: S105 - shown at every start; the demo is not for real customers
_CUSTOMERS = 60
_PUBLISHER = "cy"  # the process owner of the cast
_REASON = "First version, from the template library. 首个版本，取自模板库。"
_AT_ONCE = 40  # cases in one statement
_LOCK = 7_276_001  # any number that nothing else locks


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoLogin:
    username: str
    role: str  # label, in English
    password: str


def load_demo(*, at: datetime, seed: int = 1) -> list[DemoLogin]:
    """Load the demo company once; the logins to try. Loading it again changes nothing.

    The past cases end at `at` (aware). All or nothing: an interrupted load leaves no trace.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        if not is_published(PROCESSES[0]):
            _load(at, random=Random(seed))
    return demo_logins()


def demo_logins() -> list[DemoLogin]:
    """Whom a newcomer may log in as: one person of each role, and a customer."""
    labels = {role.key: role.en for role in ROLES}
    first = {colleague.roles[0]: colleague for colleague in reversed(COLLEAGUES)}
    logins = [
        DemoLogin(username=first[role.key].username, role=labels[role.key], password=PASSWORD)
        for role in ROLES
        if role.key in first
    ]
    return [*logins, DemoLogin(username=MO.key, role="Customer", password=PASSWORD)]


def _load(at: datetime, *, random: Random) -> None:
    calendars = demo_calendars(range(at.year - 1, at.year + 2))
    for calendar in calendars.values():
        keep_calendar(calendar)
    _keep_people()
    published = [_publish(name, at=at) for name in PROCESSES]
    crowd = customers(_CUSTOMERS, random=random)
    numbers = _keep_customers(crowd, at=at)
    _keep_login_of_mo(numbers[MO.key])
    ids = draw_case_ids(CASES)
    programs = [_program(version) for version in published]
    past = play(
        programs,
        cases=ids,
        numbers={case: number_of(case) for case in ids},
        customers=crowd,
        calendars=calendars,
        until=at,
        random=random,
    )
    definitions = {version.key: version.id for version in published}
    moves = [_move(case, definitions, numbers) for case in past]
    for start in range(0, len(moves), _AT_ONCE):
        commit(moves[start : start + _AT_ONCE])


def _publish(name: str, *, at: datetime) -> Published:
    """As the process owner would: the versions page tells who and why."""
    signature = Signature(author=_PUBLISHER, reason=_REASON)
    return publish(_file(name), at=at, signature=signature)


def _file(name: str) -> bytes:
    return (files("servoloop.loop.demo") / "processes" / f"{name}.bpmn").read_bytes()


def _program(version: Published) -> Program:
    return program_of(version.key, version.version)


def _keep_people() -> None:
    for role in ROLES:
        keep_role(role.key, label=Words(translations={"zh": role.zh, "en": role.en}))
    for colleague in COLLEAGUES:
        keep_colleague(
            colleague.username,
            name=Words(translations={"zh": colleague.zh, "en": colleague.en}),
            roles=colleague.roles,
            language=colleague.language,
            password=PASSWORD,
            may_publish=colleague.may_publish,
        )


def _keep_customers(crowd: list[DemoCustomer], *, at: datetime) -> dict[str, int]:
    """Ids of the customers by key."""
    return {
        each.key: keep_customer(
            key=each.key, name=each.name, email=each.email, language=each.language, at=at
        ).id
        for each in crowd
    }


def _keep_login_of_mo(customer: int) -> None:
    keep_portal_login(
        MO.key,
        name=Words(translations={"zh": MO.name, "en": "Mo"}),
        customer=customer,
        language=MO.language,
        password=PASSWORD,
    )


def _move(case: Past, definitions: dict[str, int], customers: dict[str, int]) -> Move:
    number = customers[case.customer.key]
    return Move(
        before=case.before,
        decision=case.decision,
        at=case.opened_at,
        customer=number,
        opening=Opening(
            number=number_of(case.before.case),
            definition=definitions[case.life.program.key],
            customer=number,
            secret=case.secret,
        ),
    )
