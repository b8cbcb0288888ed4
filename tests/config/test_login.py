"""Login: by name or by address, and closed to whoever keeps guessing."""

import pytest
from django.conf import settings
from django.test import Client, RequestFactory

from servoloop.accounts.models import User
from servoloop.config.guessing import client_address

pytestmark = pytest.mark.django_db
PASSWORD = "a long sentence nobody guesses"


@pytest.fixture
def ada() -> User:
    return User.objects.create_user(username="ada", email="ada@desk.example", password=PASSWORD)


def log_in(client: Client, name: str, password: str) -> int | None:
    """The user who is logged in afterwards; None when nobody is."""
    client.post("/accounts/login/", {"login": name, "password": password})
    number = client.session.get("_auth_user_id")
    return int(number) if number else None


@pytest.mark.parametrize("name", ["ada", "ada@desk.example"])
def test_a_colleague_logs_in_by_name_or_by_address(ada: User, client: Client, name: str) -> None:
    assert log_in(client, name, PASSWORD) == ada.pk


def test_a_wrong_password_logs_nobody_in(ada: User, client: Client) -> None:
    assert log_in(client, "ada", "wrong") is None


@pytest.mark.parametrize("name", ["ada", "ada@desk.example"])
def test_who_keeps_guessing_is_locked_out_even_with_the_right_password(
    ada: User, client: Client, name: str
) -> None:
    for _ in range(settings.AXES_FAILURE_LIMIT):
        assert log_in(client, name, "wrong") is None
    assert log_in(client, name, PASSWORD) is None
    assert log_in(client, name.upper(), PASSWORD) is None
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert log_in(elsewhere, name, PASSWORD) == ada.pk


def test_behind_a_proxy_the_address_it_added_counts(
    rf: RequestFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    forged = rf.get("/", headers={"X-Forwarded-For": "198.51.100.1, 192.0.2.7"})
    assert client_address(forged) == "127.0.0.1"
    monkeypatch.setattr(settings, "SERVOLOOP_BEHIND_PROXY", True)
    assert client_address(forged) == "192.0.2.7"
    assert client_address(rf.get("/")) == "127.0.0.1"
