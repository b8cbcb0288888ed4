"""Who somebody without an account is, as they typed it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import get_language

from servoloop.loop.run.intake import Contact

_LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedContact:
    name: str = ""
    email: str = ""
    phone: str = ""
    problems: Mapping[str, str] | None = None  # field -> code

    def to_contact(self) -> Contact:
        language = get_language() or "zh-hans"
        return Contact(name=self.name, email=self.email, phone=self.phone, language=language)


def read_contact(posted: Mapping[str, str]) -> TypedContact:
    """A name, and an e-mail address or a telephone number to answer to."""
    name, email, phone = (
        posted.get(f"contact-{field}", "").strip() for field in ("name", "email", "phone")
    )
    problems = {}
    if not name:
        problems["name"] = "required"
    if not email and not phone:
        problems["email"] = "unreachable"
    elif email and not _is_email(email):
        problems["email"] = "not_an_email"
    for field, text in (("name", name), ("email", email), ("phone", phone)):
        if len(text) > _LONGEST:
            problems[field] = "too_long"
    return TypedContact(name=name, email=email, phone=phone, problems=problems)


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True
