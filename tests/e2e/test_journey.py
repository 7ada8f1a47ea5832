"""The whole journey, as people walk it."""

import re
import sqlite3

import pytest
from playwright.sync_api import Page, expect

from .conftest import Demo

pytestmark = pytest.mark.browser

ARTICLE = "/blog/heart-chakra-imbalances-and-trust-issues/"
WORDS = "The harbour light at home was always on."


@pytest.fixture(autouse=True)
def no_third_party(request: pytest.FixtureRequest) -> None:
    """Fail if a page asks anything of another machine."""
    if "page" in request.fixturenames:
        page: Page = request.getfixturevalue("page")
        page.on("request", lambda asked: _only_this_machine(asked.url))


def _only_this_machine(url: str) -> None:
    assert re.match(r"(http://(localhost|127\.0\.0\.1):\d+/|data:|blob:)", url), url


def stock(demo: Demo) -> tuple[int, int]:
    """Return how many pieces are on the shelf, and how many of them are held."""
    with sqlite3.connect(f"file:{demo.data / 'anahata.sqlite3'}?mode=ro", uri=True) as database:
        return database.execute("SELECT SUM(on_hand), SUM(reserved) FROM anahata_shop_stock").fetchone()


def sign_in_as_staff(demo: Demo, page: Page) -> None:
    page.goto(f"{demo.url}/admin/")
    page.get_by_label("E-mail").fill("admin@localhost")
    page.get_by_role("button", name="Send me a code").click()
    enter_code(demo, page)
    expect(page).to_have_url(f"{demo.url}/admin/")


def approve(demo: Demo, page: Page, text: str) -> None:
    page.goto(f"{demo.url}/admin/")
    page.get_by_role("link", name=re.compile("^Comments")).first.click()
    held = page.get_by_role("article").filter(has_text=text)
    held.get_by_role("button", name="Approve").click()


def comment(page: Page, text: str) -> None:
    page.get_by_label("Name").fill("Ines")
    page.get_by_label("E-mail").fill("ines@example.com")
    page.get_by_role("textbox", name="Comment").fill(text)
    page.get_by_role("button", name="Post comment").click()


def pay(page: Page, email: str, outcome: str = "Pay") -> None:
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Name").fill("Ada Example")
    page.get_by_label("Address", exact=True).fill("Lindenweg 4")
    page.get_by_label("Postal code").fill("10115")
    page.get_by_label("City").fill("Berlin")
    page.get_by_role("button", name=outcome, exact=True).click()


def buy_the_bundle(demo: Demo, page: Page, email: str) -> None:
    page.goto(f"{demo.url}/shop/")
    page.get_by_role("link", name="Heart Chakra Healing Bundle").first.click()
    page.get_by_label("Delivery to").select_option("DE")
    page.get_by_role("button", name="Buy now").click()
    expect(page.get_by_text("no money moves")).to_be_visible()
    pay(page, email)
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you.")


def open_the_journal_by_a_code(demo: Demo, page: Page) -> None:
    page.get_by_role("button", name="Send me a code").click()
    enter_code(demo, page)
    expect(page).to_have_url(f"{demo.url}/journal/my/")


def enter_code(demo: Demo, page: Page) -> None:
    here = page.url
    code = demo.code_from_mail(page)
    page.goto(here)
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Sign in").click()


def export(demo: Demo, page: Page) -> str:
    page.goto(f"{demo.url}/journal/my/export/")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download my journal").click()
    return download.value.path().read_text()


def wait_until_published(demo: Demo, page: Page, text: str) -> None:
    for _ in range(40):
        page.goto(demo.url + ARTICLE)
        if page.get_by_text(text).count():
            return
        page.wait_for_timeout(500)
    raise AssertionError("not published after 20 seconds")


def test_from_reading_to_writing(demo: Demo, page: Page) -> None:
    remark = "The eleventh question stayed with me."
    page.goto(demo.url)
    page.get_by_role("link", name="Read the article").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Chakra Connection: Heart Chakra Imbalances and Trust Issues"
    )

    page.get_by_role("link", name="Leave a comment").click()
    comment(page, remark)
    expect(page.get_by_text("Your comment is held")).to_be_visible()
    page.goto(demo.url + ARTICLE)
    expect(page.get_by_text(remark)).to_have_count(0)

    sign_in_as_staff(demo, page)
    approve(demo, page, remark)
    page.goto(demo.url + ARTICLE)
    expect(page.get_by_text(remark)).to_have_count(0)
    wait_until_published(demo, page, remark)
    page.context.clear_cookies()

    on_shelf, held = stock(demo)
    buy_the_bundle(demo, page, "ada@example.com")
    page.get_by_role("link", name="See your order").click()
    expect(page.get_by_role("main")).to_contain_text("· paid ·")  # an order that is not says "· not paid yet ·"
    assert stock(demo) == (on_shelf - 1, held)
    page.go_back()

    open_the_journal_by_a_code(demo, page)
    page.get_by_role("link", name=re.compile("Harmony")).first.click()
    page.get_by_role("link", name=re.compile("self-care practices")).click()
    page.get_by_role("textbox").fill(WORDS)
    expect(page.get_by_role("status")).to_contain_text(re.compile(r"^\s*Saved"))
    page.reload()
    expect(page.get_by_role("textbox")).to_have_value(WORDS)

    assert WORDS in export(demo, page)


def test_an_articles_question_leads_its_owner_to_the_prompt_and_others_to_the_guide(demo: Demo, page: Page) -> None:
    question = "What boundaries protect me without shutting others out?"
    page.goto(demo.url + ARTICLE)
    page.get_by_role("link", name=re.compile(f"Answer this in your journal.*{re.escape(question)}")).click()
    expect(page).to_have_url(f"{demo.url}/journal/harmony-shadow-work-journal/")
    expect(page.get_by_role("textbox")).to_have_count(0)
    expect(page.get_by_role("main").get_by_role("link", name="Harmony Shadow Work Journal")).to_have_count(1)

    buy_the_bundle(demo, page, "olga@example.com")
    open_the_journal_by_a_code(demo, page)
    page.goto(demo.url + ARTICLE)
    page.get_by_role("link", name=re.compile(f"Answer this in your journal.*{re.escape(question)}")).click()

    expect(page.get_by_role("heading", level=1)).to_have_text(question)
    expect(page.get_by_role("textbox")).to_be_visible()


def test_everything_works_without_javascript(demo: Demo, without_javascript: Page) -> None:
    page, remark = without_javascript, "Written with scripts switched off."
    page.goto(demo.url + ARTICLE)
    page.get_by_role("link", name="Leave a comment").click()
    comment(page, remark)
    expect(page.get_by_text("Your comment is held")).to_be_visible()

    page.goto(f"{demo.url}/shop/heart-chakra-healing-bundle/")
    page.get_by_role("button", name="Add to cart").click()
    page.get_by_label("Delivery to").select_option("DE")
    page.get_by_role("button", name="Check out").click()
    pay(page, "bea@example.com")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you.")

    open_the_journal_by_a_code(demo, page)
    page.get_by_role("link", name=re.compile("Harmony")).first.click()
    page.get_by_role("link", name=re.compile("self-care practices")).click()
    page.get_by_role("textbox").fill(WORDS)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("textbox")).to_have_value(WORDS)

    assert WORDS in export(demo, page)


def test_a_declined_card_charges_nothing_and_the_cart_is_kept(demo: Demo, page: Page) -> None:
    on_shelf, held = stock(demo)
    page.goto(f"{demo.url}/shop/heart-chakra-healing-bundle/")
    page.get_by_role("button", name="Add to cart").click()
    page.get_by_label("Delivery to").select_option("DE")
    page.get_by_role("button", name="Check out").click()
    pay(page, "cato@example.com", outcome="Decline the card")
    expect(page.get_by_role("alert")).to_contain_text("declined")
    page.get_by_role("link", name="Back to the shop").click()

    expect(page).to_have_url(f"{demo.url}/cart/")
    expect(page.get_by_role("main")).to_contain_text("Heart Chakra Healing Bundle")
    assert stock(demo) == (on_shelf, held + 1)  # held for half an hour, not sold
