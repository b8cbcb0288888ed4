"""Short signed tokens that say which changes a browser may hear of.

A page is given a token with its topics; the live process checks it without a database. When it
expires the stream ends with status 401, and the page asks for a new one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core import signing

from servoloop.storage.queries.viewer import Viewer

LIFETIME = timedelta(hours=1)
_SALT = "servoloop.live"
MOST_TOPICS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """What a valid token allows, and until when."""

    topics: frozenset[str]
    until: datetime


def topics_of(viewer: Viewer, *, case: int | None = None) -> tuple[str, ...]:
    """What a viewer may hear; `case` is one whose page they have been shown."""
    topics = [f"case:{case}"] if case is not None else []
    if viewer.is_colleague:
        topics += ["incidents", f"person:{viewer.person}"]
        topics += [f"role:{role}" for role in sorted(viewer.roles)]
    elif viewer.customer is not None:
        topics.append(f"customer:{viewer.customer}")
    return tuple(topics)


def issue(topics: Iterable[str], *, at: datetime) -> str:
    """A token for these topics, good for LIFETIME from `at`."""
    until = (at + LIFETIME).timestamp()
    told = {"topics": list(topics)[:MOST_TOPICS], "until": until}
    return signing.dumps(told, salt=_SALT, compress=True)


def read(token: str, *, at: datetime) -> Hearing | None:
    """What the token allows at `at`; None when it is forged or has expired."""
    try:
        told = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    until = datetime.fromtimestamp(told["until"], UTC)
    return Hearing(topics=frozenset(told["topics"]), until=until) if at < until else None
