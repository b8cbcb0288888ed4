"""New process: four ways to begin, each ending in a draft."""

from typing import Any

import pytest
from lxml import etree

from servoloop.accounts.models import User
from servoloop.kernel.process.check import check
from servoloop.kernel.process.document import read_document
from servoloop.kernel.process.findings import has_errors
from servoloop.kernel.process.layout.diagram import has_diagram
from servoloop.kernel.process.outline.lines import Remark, Sort
from servoloop.kernel.process.outline.read import read_outline
from servoloop.kernel.process.reader import read_model
from servoloop.storage.drafts import load_draft
from servoloop.web.design import outline_words
from servoloop.web.design.guide_questions import questions
from servoloop.web.shell.names import names_of
from tests.desk import furnish
from tests.web.test_pages import browser

pytestmark = pytest.mark.django_db
STEPS = "Agent: check the request (15 min)\nif the amount is above 200: Bo: decide\nend"


@pytest.fixture(autouse=True)
def _desk() -> None:
    mo = furnish()
    User.objects.create(username="mo", customer_id=mo.id)
    User.objects.filter(username="cy").update(is_superuser=True)


def draft_behind(answer: Any) -> Any:
    """The draft that a redirect leads to."""
    assert answer.status_code == 302, answer.content.decode()
    return load_draft(int(answer.headers["location"].split("/")[3]))


def test_there_are_four_ways_to_begin() -> None:
    html = browser("ada").get("/design/new/").content.decode()
    assert html.count('class="panel way"') == 4
    for address in ("/design/new/guide/", "/design/new/templates/", "/design/new/text/"):
        assert address in html
    assert "/diagnose/" in html


@pytest.mark.parametrize("address", ["/design/new/", "/design/new/templates/", "/design/new/text/"])
def test_customers_and_strangers_do_not_see_the_workshop(address: str) -> None:
    assert browser("mo").get(address).status_code in (302, 403, 404)


# Templates


def test_the_library_shows_every_template_with_its_picture() -> None:
    html = browser("ada").get("/design/new/templates/").content.decode()
    assert html.count("template-card") == 12
    assert "/design/new/templates/exchange/en.svg" in html
    assert (
        "/design/new/templates/exchange/zh-hans.svg"
        in browser("ada", "zh-hans").get("/design/new/templates/").content.decode()
    )


def test_the_library_can_be_narrowed_to_a_kind() -> None:
    html = browser("ada").get("/design/new/templates/?kind=staff").content.decode()
    assert html.count("template-card") == 2
    assert "Staff onboarding" in html and "Exchange" not in html


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_picture_is_a_well_formed_image_in_the_language(language: str) -> None:
    answer = browser("ada").get(f"/design/new/templates/exchange/{language}.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    root = etree.fromstring(answer.content)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    words = str(root.xpath("string()"))
    assert ("Warehouse" if language == "en" else "仓库质检") in words
    assert "style=" not in answer.content.decode() and "<script" not in answer.content.decode()


def test_a_template_is_shown_with_its_steps_before_it_is_used() -> None:
    html = browser("ada").get("/design/new/templates/warranty/").content.decode()
    assert "Assess the fault" in html and "Technician" in html
    assert "Use this template" not in html  # Ada may not draw
    assert browser("ada").post("/design/new/templates/warranty/").status_code == 403


def test_a_template_becomes_a_draft() -> None:
    draft = draft_behind(browser("cy").post("/design/new/templates/warranty/"))
    assert (draft.key, draft.origin) == ("warranty", "template")


def test_an_unknown_template_is_not_found() -> None:
    assert browser("cy").get("/design/new/templates/cake/").status_code == 404
    assert browser("cy").get("/design/new/templates/cake/en.svg").status_code == 404


# Pasted steps


def test_pasted_steps_are_told_line_by_line_while_typing() -> None:
    client = browser("cy")
    text = "Agent: check (15 min)\n???\nAgent: call (soon, asap)"
    html = client.post("/design/new/text/preview/", {"text": text}).content.decode()
    assert html.count('class="is-lost"') == 2 and html.count('class="is-ok"') == 1
    assert "<svg" in html and "2 lines not understood" in html
    assert "“asap” is not a time" in html


def test_the_reader_is_told_in_chinese() -> None:
    client = browser("cy", "zh-hans")
    html = client.post("/design/new/text/preview/", {"text": "???\n客服：核对"}).content.decode()
    assert "1 行没看懂" in html and "没有写用时" in html


def test_nothing_typed_shows_what_will_appear() -> None:
    html = browser("cy").post("/design/new/text/preview/", {"text": " \n"}).content.decode()
    assert "appear here while you type" in html


def test_markup_in_pasted_steps_stays_text() -> None:
    text = "Agent: <script>alert(1)</script> check"
    html = browser("cy").post("/design/new/text/preview/", {"text": text}).content.decode()
    assert "<script>" not in html


def test_pasted_steps_become_a_drawn_sound_draft() -> None:
    draft = draft_behind(browser("cy").post("/design/new/text/", {"text": "Returns\n\n" + STEPS}))
    document = read_document(draft.xml.encode())
    assert (draft.key, draft.origin) == ("returns", "text")
    assert has_diagram(document) and not has_errors(check(document).findings)
    (process,) = read_model(document).processes
    assert process.sheet.owner == "cy"


def test_a_chinese_name_gets_an_id_of_its_own() -> None:
    draft = draft_behind(
        browser("cy").post("/design/new/text/", {"text": "退货流程\n\n客服：核对"})
    )
    assert draft.key.startswith("process_")


def test_a_name_that_is_taken_gets_another_id() -> None:
    draft = draft_behind(browser("cy").post("/design/new/text/", {"text": "# Tiny\nAgent: check"}))
    assert draft.key.startswith("tiny_")


def test_without_a_step_the_form_keeps_what_was_typed() -> None:
    answer = browser("cy").post("/design/new/text/", {"text": "???"})
    assert answer.status_code == 422
    assert "No step was understood" in answer.content.decode() and "???" in answer.content.decode()


def test_every_remark_and_kind_of_line_has_words() -> None:
    assert set(outline_words._REMARKS) == set(Remark)
    assert set(outline_words._KINDS) == set(Sort)
    for line in outline_words.line_views(read_outline("Bo: x\n???\nend").lines, names_of(())):
        assert line.kind


# The guide


def answer(client: Any, question: str, **given: str) -> Any:
    return client.post(f"/design/new/guide/{question}/", given)


def guided(client: Any) -> None:
    """Every question up to the last one."""
    answer(client, "goal", name="Returns", goal="Money back in three days.")
    answer(client, "journey", journey="Asks for the money\nHas the money")
    answer(client, "steps", text=STEPS)
    answer(client, "roles", **{"role-1": "supervisor", "role-3": "agent"})
    answer(client, "times", **{"minutes-1": "7", "hours-1": "1.5", "minutes-3": "4"})
    answer(
        client,
        "escalation",
        **{"level-role-1": "manager", "level-hours-1": "3", "level-role-2": "manager"},
    )
    answer(client, "measures", first="2", resolution="24", **{"kpi-first_contact_resolution": "85"})


def test_the_guide_asks_one_question_after_the_other() -> None:
    client = browser("cy")
    assert client.get("/design/new/guide/?new=1").headers["location"] == "/design/new/guide/goal/"
    for number, question in enumerate(questions()[:-1]):
        html = client.get(f"/design/new/guide/{question.slug}/").content.decode()
        assert f"Question {number + 1} of {len(questions())}" in html
        assert 'aria-current="step"' in html


def test_the_answers_become_a_process() -> None:
    client = browser("cy")
    guided(client)
    html = client.get("/design/new/guide/look/").content.decode()
    assert "<svg" in html and "Money back in three days." in html
    draft = draft_behind(answer(client, "look"))
    assert (draft.key, draft.origin) == ("returns", "guide")
    (process,) = read_model(read_document(draft.xml.encode())).processes
    sheet = process.sheet
    assert sheet.goal.default == "Money back in three days."
    levels = {level.metric: level.within.total_seconds() / 3600 for level in sheet.service_levels}
    assert levels == {"first_response": 2, "resolution": 24}
    assert [(goal.kpi, str(goal.target)) for goal in sheet.kpi_goals] == [
        ("first_contact_resolution", "0.85")
    ]
    steps = {node.name.default: node.step for node in process.nodes if node.type == "userTask"}
    first = steps["Check the request"]
    assert first.role == "supervisor"
    assert first.standard_time and first.standard_time.total_seconds() == 7 * 60
    assert first.response_time and first.response_time.total_seconds() == 90 * 60
    assert [level.role for level in first.escalation] == ["manager"]
    begin = next(node for node in process.nodes if node.type == "startEvent")
    assert begin.name.default == "Asks for the money"


def test_going_back_keeps_what_was_answered() -> None:
    client = browser("cy")
    guided(client)
    back = answer(client, "measures", first="3", back="1")
    assert back.headers["location"] == "/design/new/guide/escalation/"
    assert 'value="3"' in client.get("/design/new/guide/measures/").content.decode()
    assert 'value="Returns"' in client.get("/design/new/guide/goal/").content.decode()


def test_a_missing_answer_is_asked_for_where_it_is_missing() -> None:
    client = browser("cy")
    without_name = answer(client, "goal", name=" ", goal="x")
    assert without_name.status_code == 422
    assert "Give the process a name first." in without_name.content.decode()
    assert answer(client, "steps", text="???").status_code == 422


def test_a_finished_guide_begins_anew() -> None:
    client = browser("cy")
    guided(client)
    answer(client, "look")
    assert "Returns" not in client.get("/design/new/guide/goal/").content.decode()


def test_numbers_that_are_none_count_as_not_answered() -> None:
    client = browser("cy")
    guided(client)
    answer(client, "measures", first="soon", resolution="-1")
    draft = draft_behind(answer(client, "look"))
    (process,) = read_model(read_document(draft.xml.encode())).processes
    assert process.sheet.service_levels == ()


def test_only_those_who_may_draw_are_guided() -> None:
    assert browser("ada").get("/design/new/guide/goal/").status_code == 403
    assert browser("cy").get("/design/new/guide/nothing/").status_code == 404
