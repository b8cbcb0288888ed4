"""Pages are asked for through Django's client, with the whole middleware."""

from pathlib import Path

import pytest
from django.conf import settings


@pytest.fixture(scope="session", autouse=True)
def _static_folder() -> None:
    """WhiteNoise warns about a folder of collected files that is not there."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
