"""What the environment says, read into the values that Django's settings need.

The variables are described in docs/reference/settings.md.
"""

import os
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict


def text(name: str, default: str = "") -> str:
    """The variable, or `default` when it is unset or empty."""
    return os.environ.get(name) or default


def flag(name: str) -> bool:
    """True for 1, false for 0 or nothing. Raises ImproperlyConfigured for anything else."""
    said = text(name, "0")
    if said not in ("0", "1"):
        raise ImproperlyConfigured(f"{name} is '{said}'; set it to 1 or 0.")
    return said == "1"


def days(name: str, default: int) -> int:
    """A number of days, at least one. Raises ImproperlyConfigured for anything else."""
    said = text(name, str(default))
    if not said.isdecimal() or int(said) < 1:
        raise ImproperlyConfigured(f"{name} is '{said}'; set it to a number of days, at least 1.")
    return int(said)


def words(name: str) -> list[str]:
    """The comma-separated words of the variable."""
    return [word.strip() for word in text(name).split(",") if word.strip()]


def pairs(name: str) -> dict[str, str]:
    """`{"crm": "https://…"}` of `crm=https://…, erp=https://…`. Raises ImproperlyConfigured."""
    found = {}
    for word in words(name):
        key, sign, value = word.partition("=")
        if not (key and sign and value):
            raise ImproperlyConfigured(f"{name} has '{word}'; write it as name=https://address.")
        found[key.strip()] = value.strip()
    return found


def origin(url: str) -> str:
    """`https://desk.example:8443` of `https://desk.example:8443/any/path`."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ImproperlyConfigured(f"'{url}' is no address; write it as https://desk.example.")
    return f"{parts.scheme}://{parts.netloc}"


def neighbours(url: str, hosts: list[str]) -> list[str]:
    """The origins under which the same site answers: its own, and one for each plain host."""
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port else ""
    plain = [host for host in hosts if host != "*" and not host.startswith(".")]
    return list(dict.fromkeys([origin(url), *(f"{parts.scheme}://{host}{port}" for host in plain)]))


def database(url: str) -> dict[str, object]:
    """Django's DATABASES entry for a libpq URL or connection string."""
    try:
        parts = conninfo_to_dict(url)
    except ProgrammingError as error:
        raise ImproperlyConfigured(
            "DATABASE_URL is not understood; write it as "
            "postgresql://user:password@host:5432/database."
        ) from error
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", None) or "servoloop",
        "USER": parts.pop("user", None) or "",
        "PASSWORD": parts.pop("password", None) or "",
        "HOST": parts.pop("host", None) or "",
        "PORT": str(parts.pop("port", None) or ""),
        # A thread keeps its connection, so prepared statements pay; the check costs one round
        # trip and hides a restart of PostgreSQL.
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"server_side_binding": True, "prepare_threshold": 3, **parts},
    }


def mail(url: str) -> dict[str, object]:
    """Django's EMAIL_* settings for `smtp://`, `smtp+tls://` or `smtps://user:password@host`."""
    parts = urlsplit(url)
    ports = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
    if parts.scheme not in ports or not parts.hostname:
        raise ImproperlyConfigured(
            "SERVOLOOP_MAIL_URL is not understood; "
            "write it as smtp+tls://user:password@mail.example:587."
        )
    timeout = parse_qs(parts.query).get("timeout", ["10"])[0]
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or ports[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": int(timeout),  # seconds
    }
