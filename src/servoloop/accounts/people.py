"""Reading people: their names for pages, and the staff for routing."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q

from servoloop.accounts.models import Role, User
from servoloop.kernel.process.words import Words
from servoloop.kernel.routing.workplace import StaffMember


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    username: str
    name: Words


def people(usernames: Iterable[str]) -> dict[str, Person]:
    """The people of these user names; unknown names are absent. One query, none for no names."""
    wanted = {username for username in usernames if username}
    if not wanted:
        return {}
    return {user.username: _person(user) for user in User.objects.filter(username__in=wanted)}


def colleagues_in(role: str) -> list[Person]:
    """The active people of a role, by user name: whom a task of the role may be given to."""
    members = User.objects.filter(memberships__role=role, is_active=True).order_by("username")
    return [_person(user) for user in members]


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    username: str
    name: Words
    roles: frozenset[str]


def colleagues() -> tuple[Colleague, ...]:
    """Every active colleague by user name, with or without a role. One query."""
    rows = (
        User.objects.filter(is_active=True, customer=None)
        .annotate(held=ArrayAgg("memberships__role_id", filter=~Q(memberships=None), default=[]))
        .order_by("username")
    )
    return tuple(
        Colleague(username=user.username, name=_person(user).name, roles=frozenset(user.held))
        for user in rows
    )


def role_labels() -> dict[str, Words]:
    """The label of every role by its key."""
    return {
        role.key: Words(
            default=role.label_en, translations={"zh": role.label_zh, "en": role.label_en}
        )
        for role in Role.objects.all()
    }


def roles_of(username: str) -> frozenset[str]:
    """The roles that an active person holds."""
    found = Role.objects.filter(
        memberships__person__username=username, memberships__person__is_active=True
    )
    return frozenset(found.values_list("key", flat=True))


def staff() -> tuple[StaffMember, ...]:
    """Every active colleague who holds a role, with `open_tasks` left at zero."""
    rows = (
        User.objects.filter(is_active=True, customer=None)
        .annotate(held=ArrayAgg("memberships__role_id", filter=~Q(memberships=None), default=[]))
        .filter(~Q(memberships=None))
        .order_by("username")
        .values_list("username", "held", "is_present")
    )
    return tuple(
        StaffMember(person=username, roles=frozenset(held), is_present=is_present)
        for username, held, is_present in rows
    )


def _person(user: User) -> Person:
    names = {"zh": user.name_zh, "en": user.name_en}
    return Person(
        username=user.username,
        name=Words(
            default=user.name_en or user.username,
            translations={tag: name for tag, name in names.items() if name},
        ),
    )
