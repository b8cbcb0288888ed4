"""Adding roles and people, or bringing them up to date."""

from collections.abc import Iterable

from django.contrib.auth.models import Permission

from servoloop.accounts.models import Membership, Role, User
from servoloop.kernel.process.words import Words


def keep_role(key: str, *, label: Words) -> None:
    """Add a role, or rename it."""
    Role.objects.update_or_create(
        key=key,
        defaults={"label_zh": label.in_language("zh"), "label_en": label.in_language("en")},
    )


def keep_colleague(
    username: str,
    *,
    name: Words,
    roles: Iterable[str],
    language: str,
    password: str,
    may_publish: bool = False,
) -> None:
    """Add a colleague who holds exactly these roles; a known one gets the new password too."""
    person = _keep(username, name=name, language=language, password=password)
    wanted = set(roles)
    person.memberships.exclude(role__in=wanted).delete()
    for role in sorted(wanted):
        Membership.objects.get_or_create(person=person, role_id=role)
    if may_publish:
        publish = Permission.objects.get(
            content_type__app_label="storage", codename="add_definition"
        )
        person.user_permissions.add(publish)


def keep_portal_login(
    username: str, *, name: Words, customer: int, language: str, password: str
) -> None:
    """Add a login for a customer (by id), who then sees their own cases in the portal."""
    person = _keep(username, name=name, language=language, password=password)
    person.customer_id = customer
    person.save(update_fields=["customer"])


def _keep(username: str, *, name: Words, language: str, password: str) -> User:
    person, _ = User.objects.update_or_create(
        username=username,
        defaults={
            "name_zh": name.in_language("zh"),
            "name_en": name.in_language("en"),
            "language": language,
        },
    )
    person.set_password(password)
    person.save(update_fields=["password"])
    return person
