"""What all tests share: Django only where it is needed, one PostgreSQL for the session.

Tests of the kernel start neither: `pytest tests/kernel` loads no Django at all.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from servoloop.storage.server.process import Server
from tests.embedded_database import VAR, test_server

TESTS = Path(__file__).resolve().parent
WITHOUT_DJANGO = ("kernel", "laws", "golden")

# Nothing of the installation in var/ is read or written, and no variable of the caller matters.
for name in [name for name in os.environ if name.startswith("SERVOLOOP_")]:
    if name not in ("SERVOLOOP_BROWSER", "SERVOLOOP_REQUIRE_BROWSER"):
        del os.environ[name]
os.environ.pop("DATABASE_URL", None)
os.environ["SERVOLOOP_VAR"] = str(VAR)


def pytest_configure(config: pytest.Config) -> None:
    """Hand the settings to pytest-django, unless only tests of the kernel were asked for."""
    asked = [Path(argument.partition("::")[0]).resolve() for argument in config.args]
    kernel_only = [TESTS / folder for folder in WITHOUT_DJANGO]
    if all(any(path.is_relative_to(folder) for folder in kernel_only) for path in asked):
        return
    os.environ["DJANGO_SETTINGS_MODULE"] = "servoloop.config.settings"
    from django.conf import settings

    from tests.translation_tool import translations

    translations.compile_catalogues()  # for those whose .po is newer
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # whitenoise warns without it
    # Scrypt is slow on purpose; here nobody attacks.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def database_server() -> Iterator[Server]:
    """The session's PostgreSQL, started when first asked for."""
    with test_server() as server:
        yield server


@pytest.fixture(scope="session")
def django_db_modify_db_settings(database_server: Server) -> None:
    """Point Django's connection at the session's server before pytest-django makes its database."""
    from django.db import connections

    from servoloop.config.environment import database

    connections["default"].settings_dict.update(database(database_server.url))
