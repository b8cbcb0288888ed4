"""Where a letter of a case goes, and how it says which case it is about."""

from dataclasses import dataclass

from servoloop.storage.models import Case


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    number: str
    subject: str
    secret: str  # of the link that follows the case
    name: str
    email: str  # "" when the customer has given none
    language: str


def addressee(case: int) -> Addressee | None:
    """Whom the case is for; None for a case without a customer, or no case. One query."""
    row = Case.objects.filter(pk=case, customer__isnull=False).select_related("customer").first()
    if row is None or row.customer is None:
        return None
    return Addressee(
        number=row.number,
        subject=row.subject,
        secret=row.secret,
        name=row.customer.name,
        email=row.customer.email,
        language=row.customer.language,
    )
