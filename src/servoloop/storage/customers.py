"""The customers that cases belong to."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from servoloop.storage.models import Customer


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCustomer:
    id: int
    key: str
    name: str
    email: str
    language: str


def keep_customer(
    *,
    name: str,
    at: datetime,
    key: str | None = None,
    email: str = "",
    phone: str = "",
    language: str = "zh-hans",
) -> KnownCustomer:
    """Add a customer; with the `key` of one who is known, bring their data up to date.

    Without a key a new one is drawn: a stranger who types somebody's address becomes a customer of
    their own, so that an address opens nobody's cases.
    """
    row, _ = Customer.objects.update_or_create(
        key=key or uuid4().hex,
        defaults={"name": name, "email": email, "phone": phone, "language": language},
        create_defaults={
            "name": name,
            "email": email,
            "phone": phone,
            "language": language,
            "created_at": at,
        },
    )
    return _known(row)


def customer_by_id(number: int) -> KnownCustomer | None:
    row = Customer.objects.filter(pk=number).first()
    return None if row is None else _known(row)


def _known(row: Customer) -> KnownCustomer:
    return KnownCustomer(
        id=row.pk, key=row.key, name=row.name, email=row.email, language=row.language
    )
