"""Files beside the method of a step: attached by whoever draws, read by everybody who works."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from servoloop.accounts.models import User
from servoloop.storage import attached_files
from tests.desk import furnish
from tests.web.test_pages import browser

pytestmark = pytest.mark.django_db
ATTACH = "/design/files/"


@pytest.fixture(autouse=True)
def _desk(tmp_path: Path, settings: Any) -> None:
    furnish()
    cy = User.objects.get(username="cy")
    cy.user_permissions.add(Permission.objects.get(codename="add_definition"))
    default = {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": default}


def attach(client: Client, name: str, content: bytes) -> Any:
    return client.post(ATTACH, {"file": SimpleUploadedFile(name, content)})


def test_a_file_is_kept_under_its_content_and_read_by_colleagues() -> None:
    answer = attach(browser("cy"), "退货须知.pdf", b"%PDF-1.4 how to")
    assert answer.status_code == 201
    address = answer.json()["address"]
    assert hashlib.sha256(b"%PDF-1.4 how to").hexdigest() in address
    read = browser("ada").get(address)
    assert read.content == b"%PDF-1.4 how to"
    assert read["Content-Disposition"].startswith("inline")
    assert Client().get(address).status_code == 302


def test_what_could_act_as_a_page_is_downloaded_and_sandboxed() -> None:
    address = attach(browser("cy"), "x.html", b"<script>alert(1)</script>").json()["address"]
    read = browser("ada").get(address)
    assert read["Content-Disposition"].startswith("attachment")
    assert "sandbox" in read["Content-Security-Policy"]
    assert read["X-Content-Type-Options"] == "nosniff"


def test_the_same_file_is_kept_once() -> None:
    cy = browser("cy")
    first = attach(cy, "a.txt", b"one").json()
    assert attach(cy, "a.txt", b"one").json() == first


@pytest.mark.parametrize("name", ["../../etc/passwd", "a\\b.txt", "x" * 300 + ".pdf", "..."])
def test_names_that_no_file_system_takes_are_made_to_fit(name: str) -> None:
    kept = attached_files.keep_file(name, [b"content"])
    with attached_files.open_file(kept.digest, kept.name) as file:
        assert file.read() == b"content"
    assert "/" not in kept.name and len(kept.name) <= attached_files.LONGEST_NAME


def test_a_file_beyond_the_limit_and_no_file_are_refused_in_words(monkeypatch: Any) -> None:
    monkeypatch.setattr(attached_files, "LARGEST", 3)
    too_large = attach(browser("cy"), "a.txt", b"four")
    assert too_large.status_code == 413
    assert "too large" in too_large.json()["error"]
    assert browser("cy").post(ATTACH).status_code == 422


def test_only_whoever_may_publish_attaches() -> None:
    assert attach(browser("ada"), "a.txt", b"one").status_code == 403


def test_what_was_never_attached_is_not_found() -> None:
    ada = browser("ada")
    assert ada.get(f"{ATTACH}{'0' * 64}/a.txt").status_code == 404
    assert ada.get(f"{ATTACH}nonsense/a.txt").status_code == 404
