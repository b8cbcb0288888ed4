"""Every page for everybody: who may see it, in both languages, at the price of how many queries."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from servoloop.accounts.models import User
from servoloop.loop import design
from servoloop.loop.run.tasks import claim_task
from servoloop.storage.event_reader import events_of
from tests.desk import ADA, MONDAY, ask, furnish, open_task, process

pytestmark = pytest.mark.django_db

COLLEAGUE_PAGES = (
    "/run/work/",
    "/run/cases/",
    "/run/cases/{case}/",
    "/run/cases/{case}/?all=1",
    "/run/cases/{case}/tasks/{task}/",
    "/run/escalations/",
    "/run/escalations/?all=1",
    "/run/incidents/",
    "/design/processes/",
    "/design/processes/tiny/",
    "/design/processes/tiny/readiness/",
    "/design/processes/tiny/blueprint/",
    "/design/processes/tiny/versions/",
    "/design/processes/tiny/department/lane_specialist/",
    "/design/drafts/",
    "/design/approvals/",
    "/measure/",
    "/diagnose/",
)
OPEN_PAGES = ("/portal/", "/portal/services/tiny/", "/portal/follow/{secret}/", "/accounts/login/")


@pytest.fixture
def places() -> dict[str, Any]:
    """A furnished desk with one case of Mo's."""
    mo = furnish()
    User.objects.create(username="mo", customer_id=mo.id)
    opened = ask()
    return {"case": opened.id, "task": open_task(opened.id), "secret": opened.secret}


def browser(who: str = "", language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    if who:
        client.force_login(
            User.objects.get(username=who),
            backend="allauth.account.auth_backends.AuthenticationBackend",
        )
    return client


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_answers_in_both_languages(places: dict[str, Any], language: str) -> None:
    for who, paths in (("ada", COLLEAGUE_PAGES), ("", OPEN_PAGES), ("mo", ("/portal/cases/",))):
        client = browser(who, language)
        for path in paths:
            answer = client.get(path.format(**places))
            assert answer.status_code == 200, path
            assert f'lang="{language}"' in answer.content.decode(), path


def test_no_page_carries_inline_script_or_style(places: dict[str, Any]) -> None:
    client = browser("ada")
    for path in (*COLLEAGUE_PAGES, *OPEN_PAGES):
        html = client.get(path.format(**places)).content.decode()
        for tag in html.split("<script")[1:]:
            assert " src=" in tag[: tag.index(">")] or 'type="application/json"' in tag, path
        assert "<style" not in html, path
        assert " style=" not in html, path
        assert " onclick=" not in html, path


def test_customers_and_strangers_see_nothing_of_the_desk(places: dict[str, Any]) -> None:
    stranger, mo = browser(), browser("mo")
    for path in COLLEAGUE_PAGES:
        place = path.format(**places)
        assert stranger.get(place).headers["location"].startswith("/accounts/login/"), path
        assert mo.get(place).status_code == 403, path


def test_a_customer_cannot_open_somebody_else_s_case(places: dict[str, Any]) -> None:
    User.objects.create(username="eva", customer_id=None)
    from servoloop.storage.customers import keep_customer

    eva = keep_customer(key="eva", name="Eva", at=MONDAY)
    User.objects.filter(username="eva").update(customer=eva.id)

    assert browser("mo").get(f"/portal/cases/SL-{places['case']:06d}/").status_code == 200
    assert browser("eva").get(f"/portal/cases/SL-{places['case']:06d}/").status_code == 404


def test_nobody_makes_an_account_by_themselves(places: dict[str, Any]) -> None:
    before = User.objects.count()
    form = {
        "email": "x@x.example",
        "username": "x",
        "password1": "r4nd0m-Pw",
        "password2": "r4nd0m-Pw",
    }

    browser().post("/accounts/signup/", form)

    assert User.objects.count() == before


# Each number is what the page needs today: session and person are two of them, roles one.
QUERIES = {
    "/run/work/": 8,
    "/run/cases/": 5,
    "/run/cases/{case}/": 12,
    "/run/cases/{case}/tasks/{task}/": 11,
    "/run/escalations/": 6,
    "/run/incidents/": 4,
    "/design/processes/": 9,
    "/design/processes/tiny/department/lane_specialist/": 6,
    "/design/processes/tiny/": 10,
}


@pytest.mark.parametrize("path", QUERIES)
def test_the_queries_of_a_page_do_not_grow(
    path: str, places: dict[str, Any], django_assert_num_queries: Any
) -> None:
    client = browser("ada")
    client.get(path.format(**places))  # compiles programs, once
    for _ in range(5):
        ask()

    with django_assert_num_queries(QUERIES[path]):
        client.get(path.format(**places))


def test_the_portal_needs_few_queries(
    places: dict[str, Any], django_assert_num_queries: Any
) -> None:
    client = browser()
    client.get("/portal/")
    with django_assert_num_queries(1):
        client.get("/portal/")
    with django_assert_num_queries(3):
        client.get(f"/portal/follow/{places['secret']}/")


def test_a_refused_completion_keeps_what_was_typed(places: dict[str, Any]) -> None:
    claim_task(places["case"], places["task"], actor=ADA, at=MONDAY)

    answer = browser("ada", "zh-hans").post(
        "/run/cases/{case}/tasks/{task}/complete/".format(**places), {"f-outcome": "nonsense"}
    )

    assert answer.status_code == 422
    assert "请选择其中一项。" in answer.content.decode()
    assert "task.completed" not in [event.kind for event in events_of(places["case"])]


def test_a_task_shows_its_checklist_and_what_belongs_to_its_method() -> None:
    furnish()
    said = (
        '<servoloop:check required="true"><servoloop:label>Photo compared</servoloop:label>'
        '<servoloop:label lang="zh">已核对照片</servoloop:label></servoloop:check>'
        '<servoloop:attachment href="https://example.org/rules.pdf"/>'
    )
    xml = (
        process("tiny").decode().replace("<servoloop:sop>1. Read", f"{said}<servoloop:sop>1. Read")
    )
    design.publish_ungated(xml.encode(), at=MONDAY)
    case = ask().id

    page = browser("ada", "zh-hans").get(f"/run/cases/{case}/tasks/{open_task(case)}/")

    text = page.content.decode()
    assert "已核对照片" in text and "必须完成" in text
    assert 'href="https://example.org/rules.pdf"' in text


def test_a_form_sent_twice_opens_one_case(places: dict[str, Any]) -> None:
    client = browser()
    form = {
        "dedupe_key": "same",
        "f-question": "Twice?",
        "contact-name": "Eva",
        "contact-phone": "110",
    }

    first = client.post("/portal/services/tiny/", form)
    second = client.post("/portal/services/tiny/", form)

    assert first.status_code == 302
    assert first.headers["location"] == second.headers["location"]


def test_a_stranger_must_say_how_to_be_reached(places: dict[str, Any]) -> None:
    answer = browser().post(
        "/portal/services/tiny/", {"f-question": "Hello?", "contact-name": "Eva"}
    )

    assert answer.status_code == 422
    assert "Please give an e-mail address or a telephone number." in answer.content.decode()
    assert "Hello?" in answer.content.decode()


def test_a_refused_form_tells_everything_that_is_wrong_at_once(places: dict[str, Any]) -> None:
    page = browser().post("/portal/services/tiny/", {}).content.decode()

    assert page.count("Please fill this in.") == 2  # the question and the name
    assert "Please give an e-mail address or a telephone number." in page


def test_the_customer_reads_again_what_they_told_us(places: dict[str, Any]) -> None:
    form = {"f-question": "Where is it?", "contact-name": "Eva", "contact-phone": "110"}

    page = browser().post("/portal/services/tiny/", form, follow=True).content.decode()

    told = page.partition("What you told us")[2]
    assert "Where is it?" in told


def test_no_nul_character_reaches_the_database(places: dict[str, Any]) -> None:
    client = browser()
    form = {
        "dedupe_key": "\0k",
        "f-question": "W\0hy?",
        "contact-name": "E\0",
        "contact-phone": "1",
    }

    assert client.post("/portal/services/tiny/", form).status_code == 302
    for path in ("/portal/services/%00/", "/portal/follow/%00/", "/portal/?next=%00"):
        assert client.get(path).status_code in (200, 404), path


@pytest.mark.parametrize(
    ("action", "page"),
    [
        ("/run/cases/{case}/tasks/{task}/complete/", "/run/cases/{case}/tasks/{task}/"),
        ("/run/cases/{case}/escalations/1/answer/", "/run/cases/{case}/"),
        ("/portal/follow/{secret}/reply/", "/portal/follow/{secret}/"),
        ("/theme/", "/"),
    ],
)
def test_opening_the_address_of_an_action_leads_to_its_page(
    action: str, page: str, places: dict[str, Any]
) -> None:
    answer = browser("ada").get(action.format(**places))

    assert answer.status_code == 302
    assert answer.headers["location"] == page.format(**places)


def test_a_case_page_hides_what_only_the_engine_needs(places: dict[str, Any]) -> None:
    page = browser("ada").get(f"/run/cases/{places['case']}/").content.decode()

    assert "case_number" not in page
    assert "<dt>language</dt>" not in page


def test_only_who_may_publishes_a_file(places: dict[str, Any]) -> None:
    file = SimpleUploadedFile("tiny.bpmn", process("tiny"))

    assert browser("ada").post("/design/processes/publish/", {"file": file}).status_code == 403


def test_an_unsound_file_is_refused_with_its_findings(places: dict[str, Any]) -> None:
    User.objects.filter(username="cy").update(is_superuser=True)
    broken = process("tiny").replace(b'targetRef="answered"', b'targetRef="who_answers"')

    answer = browser("cy", "zh-hans").post(
        "/design/processes/publish/", {"file": SimpleUploadedFile("broken.bpmn", broken)}
    )

    assert answer.status_code == 422
    assert "尚未发布" in answer.content.decode()


def test_a_number_finds_its_case_and_nonsense_is_told_so(places: dict[str, Any]) -> None:
    client = browser("ada")

    found = client.get("/run/find/", {"q": f"sl-{places['case']:06d}"})
    lost = client.get("/run/find/", {"q": "the red lamp"})

    assert found.headers["location"] == f"/run/cases/{places['case']}/"
    assert lost.status_code == 404
    assert "No case has the number" in lost.content.decode()


def test_a_hidden_place_answers_with_our_own_page() -> None:
    answer = browser().get("/nowhere/")

    assert answer.status_code == 404
    assert "There is nothing at this address" in answer.content.decode()
