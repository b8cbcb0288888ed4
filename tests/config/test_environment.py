"""What operators write into the environment, and what becomes of it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from servoloop.config import environment


def test_a_database_url_keeps_every_part() -> None:
    entry = environment.database(
        "postgresql://desk:s%40cret@db.example:5433/service?sslmode=verify-full"
    )
    assert (entry["USER"], entry["PASSWORD"], entry["HOST"], entry["PORT"], entry["NAME"]) == (
        "desk",
        "s@cret",
        "db.example",
        "5433",
        "service",
    )
    assert entry["OPTIONS"] == {
        "server_side_binding": True,
        "prepare_threshold": 3,
        "sslmode": "verify-full",
    }


def test_a_database_behind_a_socket_is_understood() -> None:
    entry = environment.database("postgresql://desk:pw@/service?host=%2Fsrv%2Frun&port=5433")
    assert (entry["HOST"], entry["PORT"], entry["NAME"]) == ("/srv/run", "5433", "service")


def test_a_wrong_database_url_says_how_to_write_it_and_keeps_its_password() -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        environment.database("mysql//desk:hunter2@db")
    assert "postgresql://user:password@host:5432/database" in str(refused.value)
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "port", "starttls", "tls"),
    [
        ("smtp://mail.example", 25, False, False),
        ("smtp+tls://ada:p%2Fw@mail.example", 587, True, False),
        ("smtps://ada:p%2Fw@mail.example:2465", 2465, False, True),
    ],
)
def test_a_mail_url_chooses_port_and_encryption(
    url: str, port: int, starttls: bool, tls: bool
) -> None:
    found = environment.mail(url)
    assert (found["EMAIL_PORT"], found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (
        port,
        starttls,
        tls,
    )
    assert found["EMAIL_HOST_PASSWORD"] in ("", "p/w")


def test_the_site_answers_under_the_names_of_its_hosts() -> None:
    assert environment.neighbours("http://127.0.0.1:8000", ["127.0.0.1", "localhost", "*"]) == [
        "http://127.0.0.1:8000",
        "http://localhost:8000",
    ]


def test_a_switch_is_one_or_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVOLOOP_DEBUG", "yes")
    with pytest.raises(ImproperlyConfigured, match="SERVOLOOP_DEBUG is 'yes'; set it to 1 or 0"):
        environment.flag("SERVOLOOP_DEBUG")


SHOW = """
from django.conf import settings as s
print(s.SESSION_COOKIE_SECURE, s.SECURE_HSTS_SECONDS > 0, s.DEBUG, sorted(s.ALLOWED_HOSTS))
print(s.CONTENT_SECURITY_POLICY["DIRECTIVES"]["connect-src"][1])
print(s.EMAIL_BACKEND.rpartition(".")[2], getattr(s, "EMAIL_HOST", ""))
"""


def settings_with(var: Path, **variables: str) -> list[str]:
    environ = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "servoloop.config.settings",
        "SERVOLOOP_VAR": str(var),
        **variables,
    }
    command = [sys.executable, "-c", SHOW]
    shown = subprocess.run(command, env=environ, capture_output=True, text=True, check=True)
    return shown.stdout.splitlines()


def test_an_installation_behind_https_has_secure_cookies(tmp_path: Path) -> None:
    shown = settings_with(
        tmp_path,
        SERVOLOOP_URL="https://desk.example",
        SERVOLOOP_LIVE_URL="https://desk.example/live",
        SERVOLOOP_ALLOWED_HOSTS="desk.internal",
        SERVOLOOP_MAIL_URL="smtps://mail.example",
    )
    assert shown == [
        "True True False ['desk.example', 'desk.internal']",
        "https://desk.example",
        "EmailBackend mail.example",
    ]


def test_a_fresh_checkout_needs_no_variable_and_keeps_its_key(tmp_path: Path) -> None:
    assert settings_with(tmp_path)[0] == "False False False ['127.0.0.1', 'localhost']"
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_days_are_a_whole_number_of_at_least_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert environment.days("SERVOLOOP_DIAGNOSES_DAYS", 30) == 30
    monkeypatch.setenv("SERVOLOOP_DIAGNOSES_DAYS", "7")
    assert environment.days("SERVOLOOP_DIAGNOSES_DAYS", 30) == 7
    for wrong in ("0", "soon", "-3", "1.5"):
        monkeypatch.setenv("SERVOLOOP_DIAGNOSES_DAYS", wrong)
        with pytest.raises(ImproperlyConfigured, match="at least 1"):
            environment.days("SERVOLOOP_DIAGNOSES_DAYS", 30)
