"""Telling a customer by e-mail what was said in their case."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage

from servoloop.storage.queries.letters import Addressee, addressee


def send_letter(case: int, *, text: str, effect: str) -> bool:
    """Send one letter; False when the customer has no address (the portal shows the text anyway).

    A repeated letter carries the same Message-ID, so that the receiver can drop it.
    """
    to = addressee(case)
    if to is None or not to.email:
        return False
    letter = EmailMessage(
        subject=_one_line(f"[{to.number}] {to.subject}"),
        body=_body(to, text),
        to=[to.email],
        headers={
            "Message-ID": f"<case-{effect.replace(':', '-')}@{_host()}>",
            "Auto-Submitted": "auto-generated",  # vacation notices must not answer it
        },
    )
    letter.send()
    return True


def _body(to: Addressee, text: str) -> str:
    return f"{text}\n\n-- \n{to.number}\n{settings.SERVOLOOP_URL}/portal/follow/{to.secret}/\n"


def _host() -> str:
    return urlsplit(settings.SERVOLOOP_URL).hostname or "localhost"


def _one_line(text: str) -> str:
    return " ".join(text.split())
