"""Names of people and roles for pages that know user names and role keys."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import get_language

from servoloop.accounts.people import Person, people, role_labels
from servoloop.kernel.process.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    people: Mapping[str, Person]
    roles: Mapping[str, Words]

    def person(self, username: str) -> str:
        """The name in the viewer's language; somebody unknown keeps the user name."""
        known = self.people.get(username)
        return known.name.in_language(_language()) if known else username

    def role(self, key: str) -> str:
        known = self.roles.get(key)
        return known.in_language(_language()) if known else key


def names_of(usernames: Iterable[str]) -> Names:
    """Two queries, or one when there is nobody to name."""
    return Names(people=people(usernames), roles=role_labels())


def _language() -> str:
    return get_language() or "en"
