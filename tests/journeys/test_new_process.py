"""From nothing to a drawn draft: guided in Chinese, and by pasted steps in English."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PATIENCE, SCREENS, Visits
from tests.journeys.test_looks import faults

expect.set_options(timeout=PATIENCE)
EDITOR = re.compile(r"/design/drafts/\d+/edit/")


def keep(page: Page, name: str) -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENS / f"new-process-{name}.png", full_page=True)


def test_a_newcomer_is_guided_from_the_goal_to_a_draft(visits: Visits) -> None:
    page = visits.page("cy", language="zh-CN")
    page.goto("/design/processes/")
    page.get_by_role("link", name="新建流程").click()
    page.get_by_role("link", name="一步步引导").click()
    on = page.get_by_role("button", name="下一步")

    page.get_by_label("流程名称").fill("积分补发")
    page.get_by_label("一句话说明目标").fill("漏发的积分当天补齐，客户不用催。")
    on.click()
    page.get_by_label("客户做什么、得到什么").fill("客户反映积分没到账\n收到补发通知")
    on.click()
    page.locator("#steps-text").fill(
        "核对积分记录\n如果漏发，主管审批补发\n通知客户结果\n等待客户回复，最多2天"
    )
    expect(page.locator("#understood svg").first).to_be_visible()
    expect(page.locator("#understood")).to_contain_text("每一行都看懂了")
    keep(page, "guide-steps")
    on.click()

    # Going back keeps the answers.
    page.get_by_role("button", name="上一步").click()
    expect(page.locator("#steps-text")).to_have_value(re.compile("核对积分记录\n如果漏发:\n"))
    on.click()
    page.get_by_label("核对积分记录").select_option("agent")
    on.click()
    page.get_by_label("用时（分钟）: 核对积分记录").fill("6")
    on.click()
    on.click()
    page.get_by_label("首次响应（工作小时内）").fill("2")
    page.get_by_label("办结（工作小时内）").fill("16")
    on.click()

    expect(page.get_by_role("heading", name="这就是你们的流程吗？")).to_be_visible()
    expect(page.locator("table.standards")).to_contain_text("6 分钟")
    keep(page, "guide-look")
    page.get_by_role("button", name="生成草稿").click()
    page.wait_for_url(EDITOR)
    expect(page.locator(".djs-container")).to_contain_text("核对积分记录")


def test_pasted_steps_are_drawn_while_typing_and_become_a_draft(visits: Visits) -> None:
    page = visits.page("cy")
    page.goto("/design/new/text/")
    box = page.locator("#steps-text")
    box.fill("Returns\n\nAgent: check the request (15 min)\n???")
    expect(page.locator("#understood .is-lost")).to_contain_text("not understood")

    box.fill(
        "Returns\n\n1. Agent: check the request (15 min)\n2. if the amount is above 200:\n"
        "   - Supervisor: approve (10 min)\n3. Notify the customer\n4. end"
    )
    expect(page.locator("#understood")).to_contain_text("every line understood")
    expect(page.locator("#understood svg").first).to_contain_text("Check the")
    keep(page, "text")
    page.get_by_role("button", name="Make it a draft").click()
    page.wait_for_url(EDITOR)
    expect(page.locator(".djs-container")).to_contain_text("Notify the")


def test_a_template_is_looked_at_and_used(visits: Visits) -> None:
    page = visits.page("cy")
    page.goto("/design/new/templates/?kind=goods")
    pictures = page.locator(".template-card img")
    expect(pictures).to_have_count(3)
    pictures.last.scroll_into_view_if_needed()
    page.wait_for_function(
        "[...document.querySelectorAll('.template-card img')].every((each) => each.naturalWidth)"
    )
    page.get_by_role("link", name="Exchange").click()
    expect(page.locator(".drawing svg").first).to_be_visible()
    keep(page, "template")
    page.get_by_role("button", name="Use this template").click()
    page.wait_for_url(EDITOR)
    expect(page.locator(".djs-container")).to_contain_text("Exchange")


PAGES = {
    "start": "/design/new/",
    "library": "/design/new/templates/",
    "one": "/design/new/templates/consultation/",
    "text": "/design/new/text/",
    "guide": "/design/new/guide/escalation/",
}


@pytest.mark.parametrize(
    ("language", "dark", "phone"), [("en-US", True, False), ("zh-CN", False, True)]
)
def test_every_way_to_begin_is_fit_to_be_seen(
    visits: Visits, language: str, dark: bool, phone: bool
) -> None:
    page = visits.page("cy", language=language, dark=dark, phone=phone)
    wrong: list[str] = []
    for name, path in PAGES.items():
        page.goto(path)
        if name == "text":
            page.locator("#steps-text").fill("Agent: check (soon, asap)\n???\nif late:\nend")
            expect(page.locator("#understood .is-lost").first).to_be_visible()
        keep(page, f"{name}-{language[:2]}-{'phone' if phone else 'desktop'}")
        wrong += [f"{name}: {each}" for each in faults(page)]
    assert "\n".join(wrong) == ""
