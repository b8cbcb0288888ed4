"""Furnish the house of the journeys: people with passwords, calendars, processes, a few cases.

Run as a process of its own (`python -m tests.journeys.seed`) against DATABASE_URL.
"""

import os
from pathlib import Path

PASSWORD = "walk-the-journey-7"
HERE = Path(__file__).resolve().parent
EXAMPLES = HERE.parents[1] / "examples" / "processes"

# user name: Chinese name, English name, roles
PEOPLE = {
    "ada": ("艾达", "Ada", ("agent",)),
    "bo": ("博", "Bo", ("supervisor",)),
    "cy": ("赛", "Cy", ("manager",)),
    "fei": ("费工", "Fei", ("specialist",)),
    "dora": ("朵总", "Dora", ("director",)),
    "qin": ("秦", "Qin", ("quality",)),
}
ROLES = {
    "agent": ("客服专员", "Agent"),
    "supervisor": ("客服主管", "Supervisor"),
    "manager": ("客服经理", "Manager"),
    "specialist": ("专家", "Specialist"),
    "director": ("服务总监", "Service director"),
    "quality": ("质量主管", "Quality lead"),
}


def main() -> None:
    import django

    django.setup()
    from django.contrib.auth.models import Permission
    from django.utils import timezone

    from servoloop.accounts.models import Membership, Role, User
    from servoloop.kernel.calendars.calendar import Calendar, weekly_hours
    from servoloop.kernel.events.event import Actor, ActorKind
    from servoloop.loop import design
    from servoloop.loop.run.cases import open_case
    from servoloop.storage.calendars import keep_calendar
    from servoloop.storage.customers import keep_customer

    at = timezone.now()
    for name in ("office", "office_hours", "service_hours"):
        hours = weekly_hours("mon-fri 09:00-18:00")
        keep_calendar(Calendar(name=name, zone="Asia/Shanghai", weekly=hours))
    for key, (zh, en) in ROLES.items():
        Role.objects.create(key=key, label_zh=zh, label_en=en)
    for username, (zh, en, roles) in PEOPLE.items():
        person = User.objects.create_user(username, password=PASSWORD, name_zh=zh, name_en=en)
        for role in roles:
            Membership.objects.create(person=person, role_id=role)
    cy = User.objects.get(username="cy")
    cy.user_permissions.add(Permission.objects.get(codename="add_definition"))
    for path in (HERE / "hasty_complaint.bpmn", EXAMPLES / "tiny.bpmn"):
        design.publish_ungated(path.read_bytes(), at=at)
    mo = keep_customer(
        key="mo", name="Mo 莫先生", email="mo@example.com", phone="13800000000", at=at
    )
    User.objects.create_user(
        "mo", password=PASSWORD, name_zh="莫先生", name_en="Mo", customer_id=mo.id
    )
    actor = Actor(kind=ActorKind.CUSTOMER, id="mo")
    for question in ("保修期是多久？", "Where is my invoice?", "如何更换滤芯？"):
        open_case(
            "tiny",
            variables={"question": question},
            customer="mo",
            subject=question,
            actor=actor,
            at=at,
        )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "servoloop.config.settings")
    main()
