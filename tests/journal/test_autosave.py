"""The editor in Chromium, against a site of its own: what other journals lose, this one keeps."""

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

ROOT = Path(__file__).resolve().parents[2]

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@dataclass(frozen=True, kw_only=True)
class Site:
    """A running site with the journal alone; `prompts` are questions that nobody has answered yet."""

    url: str
    sessions: list[str]
    prompts: list[str]
    guide: str
    run: Callable[[str], str] = field(repr=False)

    def sign_in(self, context: BrowserContext, session: int = 0) -> None:
        context.add_cookies([{"name": "sessionid", "value": self.sessions[session], "url": self.url}])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("journal-site")
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.projects.journal_only.settings",
        "TEST_DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
        "PYTHONPATH": str(ROOT),
    }

    def run(*command: str) -> str:
        done = subprocess.run(
            [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    run("-m", "django", "migrate", "-v", "0")
    run("-m", "django", "createcachetable")
    facts = json.loads(run("-m", "tests.journal.live_site").splitlines()[-1])
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "django", "runserver", "--noreload", "--insecure", f"127.0.0.1:{port}"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    for _ in range(100):
        try:
            urlopen(f"{url}/journal/", timeout=2).close()
            break
        except OSError:
            assert server.poll() is None
            time.sleep(0.1)
    yield Site(url=url, run=lambda code: run("-m", "django", "shell", "-v", "0", "-c", code), **facts)
    server.terminate()
    server.wait(10)


@pytest.fixture
def context(browser: Browser, site: Site) -> Iterator[BrowserContext]:
    context = browser.new_context()
    context.set_default_timeout(10_000)
    site.sign_in(context)
    yield context
    context.close()


@pytest.fixture
def editor(site: Site) -> str:
    """The address of a question that nobody has answered yet."""
    return f"{site.url}/journal/my/answers/{site.prompts.pop()}/"


def open_editor(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address)
    return page


def type_text(page: Page, text: str) -> None:
    page.locator("#words").press_sequentially(text, delay=5)


def expect_state(page: Page, words: str | re.Pattern[str], timeout: float = 12_000) -> None:
    expect(page.locator("#state")).to_have_text(words, timeout=timeout, use_inner_text=True)


SAVED = re.compile(r"Saved \d{1,2}:\d\d")


def saved_text(context: BrowserContext, address: str) -> str:
    """Return what another page of the same writer is shown."""
    page = open_editor(context, address)
    text = page.locator("#words").input_value()
    page.close()
    return text


def saves(route_or_page: Page, act: Callable[[Route], Any]) -> None:
    route_or_page.route(re.compile(r"/text/$"), act)


def test_what_is_typed_is_saved_by_itself(context: BrowserContext, editor: str) -> None:
    page = open_editor(context, editor)
    expect_state(page, "Nothing written yet")

    type_text(page, "By the river.\n\nEarly.")

    expect_state(page, SAVED)
    assert saved_text(context, editor) == "By the river.\n\nEarly."
    assert page.locator("[data-live]").inner_text() == page.locator("#state").inner_text()


def test_empty_lines_at_the_beginning_stay(context: BrowserContext, editor: str) -> None:
    page = open_editor(context, editor)
    type_text(page, "\n\nLower down")
    expect_state(page, SAVED)

    assert saved_text(context, editor) == "\n\nLower down"


def test_typing_during_a_slow_save_loses_nothing(context: BrowserContext, editor: str) -> None:
    page = open_editor(context, editor)
    saves(page, lambda route: (time.sleep(1.5), route.continue_()))

    type_text(page, "One ")
    page.wait_for_timeout(1000)
    type_text(page, "two ")
    page.wait_for_timeout(300)
    type_text(page, "three")

    expect_state(page, SAVED)
    assert page.locator("#words").input_value() == "One two three"
    assert saved_text(context, editor) == "One two three"


def test_long_typing_is_saved_on_the_way(context: BrowserContext, editor: str) -> None:
    page = open_editor(context, editor)
    sent: list[float] = []
    page.on("request", lambda request: sent.append(time.monotonic()) if request.method == "PUT" else None)
    begun = time.monotonic()

    while time.monotonic() - begun < 7:
        page.locator("#words").press_sequentially("word ", delay=60)

    assert sent, "nothing was sent while typing went on"
    assert sent[0] - begun < 6


def test_three_failures_are_said_and_got_over(context: BrowserContext, editor: str) -> None:
    page = open_editor(context, editor)
    failures: list[int] = []

    def fail_three_times(route: Route) -> None:
        if len(failures) < 3:
            failures.append(500)
            route.fulfill(status=500, body="<h1>Server Error (500)</h1>")
        else:
            route.continue_()

    saves(page, fail_three_times)
    type_text(page, "Patience")

    expect_state(page, "Not saved yet, retrying")
    expect_state(page, SAVED, timeout=30_000)
    assert len(failures) == 3
    assert saved_text(context, editor) == "Patience"


def test_a_page_of_html_is_never_taken_for_saved(context: BrowserContext, editor: str) -> None:
    page = open_editor(context, editor)
    saves(page, lambda route: route.fulfill(status=200, content_type="text/html", body="<title>Sign in</title>"))

    type_text(page, "Honestly")

    expect_state(page, "Not saved yet, retrying")


def test_a_lost_reply_is_no_conflict(context: BrowserContext, editor: str) -> None:
    page = open_editor(context, editor)
    lost: list[int] = []

    def lose_the_first_reply(route: Route) -> None:
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch().status)
            route.abort()

    saves(page, lose_the_first_reply)
    type_text(page, "First")
    expect_state(page, "Not saved yet, retrying")
    type_text(page, " and second")

    expect_state(page, SAVED)
    assert lost == [200]
    assert saved_text(context, editor) == "First and second"


def test_offline_is_said_and_saved_when_the_connection_is_back(context: BrowserContext, editor: str) -> None:
    page = open_editor(context, editor)
    context.set_offline(True)
    type_text(page, "In the tunnel")
    expect_state(page, "Offline")

    context.set_offline(False)

    expect_state(page, SAVED, timeout=3_000)
    assert saved_text(context, editor) == "In the tunnel"


def test_two_tabs_keep_both_texts(context: BrowserContext, editor: str) -> None:
    first, second = open_editor(context, editor), open_editor(context, editor)
    type_text(first, "From the phone")
    expect_state(first, SAVED)

    type_text(second, "From the desk")

    expect_state(second, "Edited elsewhere, both kept")
    assert second.locator("#words").input_value() == "From the desk"
    second.get_by_text("What was written there").click()
    expect(second.locator("[data-other]")).to_have_text("From the phone")
    second.get_by_role("link", name="Show both").click()
    expect(second.locator("#words")).to_have_value("From the phone")
    expect(second.get_by_text("From the desk")).to_be_visible()


def test_typing_on_after_a_conflict_keeps_one_copy_with_all_of_it(context: BrowserContext, editor: str) -> None:
    first, second = open_editor(context, editor), open_editor(context, editor)
    type_text(first, "From the phone")
    expect_state(first, SAVED)
    type_text(second, "From the desk")
    expect_state(second, "Edited elsewhere, both kept")

    with second.expect_response(lambda response: response.request.method == "PUT" and response.status == 409):
        type_text(second, ", and more")

    third = open_editor(context, editor)
    copies = third.locator(".side-by-side article")
    expect(copies).to_have_count(2)
    expect(copies.last).to_contain_text("From the desk, and more")


def test_a_session_that_ended_loses_nothing(context: BrowserContext, site: Site, editor: str) -> None:
    page = open_editor(context, editor)
    context.clear_cookies()
    type_text(page, "Still here")
    expect_state(page, "Signed out")
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()

    other_tab = context.new_page()
    site.sign_in(context)
    other_tab.goto(editor)
    other_tab.close()

    expect_state(page, SAVED, timeout=20_000)
    assert saved_text(context, editor) == "Still here"


def test_the_next_person_who_signs_in_gets_no_word(context: BrowserContext, site: Site, editor: str) -> None:
    page = open_editor(context, editor)
    context.clear_cookies()
    site.sign_in(context, session=1)
    other_tab = open_editor(context, editor)

    type_text(page, "Not yours")

    expect_state(page, "Signed out")
    other_tab.reload()
    assert other_tab.locator("#words").input_value() == ""


def test_access_that_ends_while_typing_keeps_the_last_words(context: BrowserContext, site: Site, editor: str) -> None:
    page = open_editor(context, editor)
    type_text(page, "It was")
    expect_state(page, SAVED)
    site.run("from django.contrib.auth.models import Group; [g.user_set.clear() for g in Group.objects.all()]")

    type_text(page, " late")

    expect_state(page, "Read only")
    assert page.locator("#words").get_attribute("readonly") is not None
    again = open_editor(context, editor)
    expect(again.get_by_text("It was late")).to_be_visible()
    expect(again.locator("textarea")).to_have_count(0)
    site.run(
        "from django.contrib.auth import get_user_model; from django.contrib.auth.models import Group;"
        "[g.user_set.set(get_user_model().objects.all()) for g in Group.objects.all()]"
    )


def test_sixty_thousand_letters_too_many_stay_on_the_page(context: BrowserContext, editor: str) -> None:
    page = open_editor(context, editor)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method) if request.method == "PUT" else None)

    page.locator("#words").fill("a" * 60_001)
    expect_state(page, "Not saved: too long for one page")
    page.wait_for_timeout(2500)
    sent_at_rest = len(sent)
    page.locator("#words").fill("a" * 60_000)

    expect_state(page, SAVED)
    assert sent_at_rest == 1


@pytest.mark.parametrize("how", ["close", "navigate"])
def test_leaving_at_once_saves(context: BrowserContext, site: Site, editor: str, how: str) -> None:
    page = open_editor(context, editor)
    page.on("dialog", lambda dialog: dialog.accept())
    type_text(page, "At the door")

    if how == "close":
        page.close()
    else:
        page.goto(f"{site.url}/journal/")

    deadline = time.monotonic() + 5
    while saved_text(context, editor) != "At the door" and time.monotonic() < deadline:
        time.sleep(0.2)
    assert saved_text(context, editor) == "At the door"


def test_an_older_save_that_is_stuck_does_not_win(context: BrowserContext, site: Site, editor: str) -> None:
    page = open_editor(context, editor)
    stuck: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if stuck:
            route.continue_()
        else:
            stuck.append(route)

    saves(page, hold_the_first)
    type_text(page, "Old")
    page.wait_for_timeout(1500)
    type_text(page, " and new")
    page.evaluate("window.dispatchEvent(new Event('pagehide'))")
    page.wait_for_timeout(700)
    assert saved_text(context, editor) == "Old and new"

    stuck[0].continue_()
    page.wait_for_timeout(700)

    assert saved_text(context, editor) == "Old and new"
    expect_state(page, SAVED)


def test_a_page_without_unsaved_words_is_left_without_a_question(
    context: BrowserContext, site: Site, editor: str
) -> None:
    page = open_editor(context, editor)
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    type_text(page, "All saved")
    expect_state(page, SAVED)

    page.goto(f"{site.url}/journal/")

    assert asked == []


def test_the_buttons_save_at_once_and_done_leads_back(context: BrowserContext, site: Site, editor: str) -> None:
    page = open_editor(context, editor)
    page.locator("#words").fill("Quick")
    page.get_by_role("button", name="Save").click()
    expect_state(page, SAVED, timeout=700)
    type_text(page, ", done")

    page.get_by_role("button", name="Done").click()

    page.wait_for_url(f"{site.url}/journal/my/{site.guide}/")
    assert saved_text(context, editor) == "Quick, done"


def test_without_scripts_the_button_saves(browser: Browser, site: Site, editor: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    site.sign_in(context)
    page = open_editor(context, editor)

    page.locator("#words").fill("\nPlainly")
    page.get_by_role("button", name="Save").click()

    expect(page.locator("#words")).to_have_value("\nPlainly")
    expect_state(page, re.compile(r"Saved \w"))
    context.close()


def test_the_page_holds_at_320_pixels_and_runs_clean(browser: Browser, site: Site, editor: str) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 640})
    site.sign_in(context)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)

    page.goto(editor)
    type_text(page, "On a phone")
    expect_state(page, SAVED)

    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert errors == []
    context.close()
