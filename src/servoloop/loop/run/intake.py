"""A case from somebody who has no account: who they are, and what they want, in one step."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from servoloop.kernel.events.event import Actor, ActorKind
from servoloop.loop.run.cases import OpenedCase, open_case
from servoloop.storage.customers import keep_customer


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """How a stranger wants to be called and reached."""

    name: str
    email: str = ""
    phone: str = ""
    language: str = "zh-hans"


def open_for_stranger(
    process_key: str,
    *,
    contact: Contact,
    variables: Mapping[str, Any],
    subject: str,
    at: datetime,
    channel: str = "portal",
    dedupe_key: str | None = None,
) -> OpenedCase:
    """Keep the contact as a new customer and open their case; refused, neither remains.

    Raises NotFound for an unknown process, and CommandRefused with the `problems` of the form.
    """
    with transaction.atomic():
        customer = keep_customer(
            name=contact.name,
            email=contact.email,
            phone=contact.phone,
            language=contact.language,
            at=at,
        )
        opened = open_case(
            process_key,
            variables=variables,
            customer=customer.key,
            channel=channel,
            subject=subject,
            language=contact.language,
            actor=Actor(kind=ActorKind.CUSTOMER, id=customer.key),
            at=at,
            dedupe_key=dedupe_key,
        )
        if opened.is_repeated:
            transaction.set_rollback(True)  # the first sending kept the customer already
    return opened
