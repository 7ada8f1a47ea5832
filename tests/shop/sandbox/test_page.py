"""The hosted page, used as a browser without JavaScript uses it."""

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode

import pytest

from shop.stripe_sandbox import sessions
from shop.stripe_sandbox.server import SandboxServer
from tests.shop.sandbox.conftest import Api, Endpoint, Reply, line, request, shipped

TYPED = {"email": "ada@example.com", "name": "Ada"}
ADDRESS = {"line1": "Allee 3", "postal_code": "1010", "city": "Wien", "country": "AT"}


class Browser:
    """Opens a session's page and sends its form, cookie and all."""

    def __init__(self, session: dict[str, Any]) -> None:
        self.url = session["url"]
        self.page = self.open()
        token = re.search(r'name="token" value="([^"]+)"', self.page.text)
        self.token = token[1] if token else ""
        self.cookie = self.page.headers["Set-Cookie"].split(";")[0]

    def open(self) -> Reply:
        return request(self.url)

    def choose(self, outcome: str, **typed: str) -> Reply:
        form = {"token": self.token, "outcome": outcome, **typed}
        return request(
            self.url, "POST", urlencode(form), Cookie=self.cookie, Content_Type="application/x-www-form-urlencoded"
        )


def test_paying_leads_back_to_the_shop(api: Api) -> None:
    session = api.create()

    answer = Browser(session).choose("pay", **TYPED)

    assert answer.status == 303
    assert answer.headers["Location"] == f"http://localhost:8000/return/?session_id={session['id']}"
    paid = api.session(session["id"])
    assert (paid["payment_status"], paid["customer_details"]["email"]) == ("paid", "ada@example.com")


def test_address_and_shipping_are_asked_for_and_kept(api: Api) -> None:
    session = api.create(**shipped())
    browser = Browser(session)
    slow = session["shipping_options"][1]["shipping_rate"]

    answer = browser.choose("pay", **TYPED, **ADDRESS, shipping_rate=slow)

    assert answer.status == 303
    paid = api.session(session["id"])
    assert paid["collected_information"]["shipping_details"]["address"]["city"] == "Wien"
    assert paid["shipping_cost"]["amount_total"] == 150
    for word in ("Post", "2–4 business days", "4.90 EUR", "Slow boat", "Austria", "Germany"):
        assert word in browser.page.text


def test_the_page_says_what_it_is_and_what_is_bought(api: Api) -> None:
    page = Browser(api.create(line_items=[line(amount=1250, quantity=2, name="A <b>candle</b>")])).page

    assert "Practice payment – no money moves." in page.text
    assert "A &lt;b&gt;candle&lt;/b&gt; × 2" in page.text
    assert "25.00 EUR" in page.text
    for word in ("Pay", "Decline the card", "Delayed payment", "Back to the shop"):
        assert f">{word}</" in page.text


def test_the_page_is_closed_to_everything_else(api: Api) -> None:
    page = Browser(api.create()).page

    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'; form-action *")
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert page.headers["Cache-Control"] == "no-store"
    assert "SameSite=Strict" in page.headers["Set-Cookie"]
    assert "<script" not in page.text
    assert " style=" not in page.text
    sheet = request(f"{api.server.url}/c/page.css")
    assert (sheet.status, sheet.headers["Content-Type"]) == (200, "text/css; charset=utf-8")
    assert "prefers-color-scheme: dark" in sheet.text


@pytest.mark.parametrize(
    ("typed", "marked"),
    [
        ({}, ["email", "name", "line1", "postal_code", "city"]),
        ({**TYPED, **ADDRESS, "email": "nobody"}, ["email"]),
        ({**TYPED, **ADDRESS, "country": "US"}, ["country"]),
        ({**TYPED, **ADDRESS, "name": "x" * 301}, ["name"]),
    ],
)
def test_what_is_missing_is_marked_and_nothing_is_paid(api: Api, typed: dict[str, str], marked: list[str]) -> None:
    session = api.create(**shipped())

    answer = Browser(session).choose("pay", **typed)

    assert answer.status == 422
    assert re.findall(r'id="(\w+)-error"', answer.text) == marked
    assert api.session(session["id"])["status"] == "open"


def test_a_shipping_rate_of_another_session_is_refused(api: Api) -> None:
    other = api.create(**shipped())["shipping_options"][1]["shipping_rate"]
    session = api.create(**shipped())

    answer = Browser(session).choose("pay", **TYPED, **ADDRESS, shipping_rate=other)

    assert answer.status == 422
    assert api.session(session["id"])["status"] == "open"


def test_terms_are_accepted_before_paying(api: Api) -> None:
    session = api.create(consent_collection={"terms_of_service": "required"})
    browser = Browser(session)

    without = browser.choose("pay", **TYPED)
    accepted = browser.choose("pay", **TYPED, terms="accepted")

    assert (without.status, accepted.status) == (422, 303)
    assert api.session(session["id"])["consent"]["terms_of_service"] == "accepted"


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("generic_decline", "Your card was declined."),
        ("insufficient_funds", "insufficient funds"),
        ("expired_card", "has expired"),
    ],
)
def test_a_decline_is_said_and_what_was_typed_stays(api: Api, outcome: str, words: str) -> None:
    session = api.create()
    browser = Browser(session)

    declined = browser.choose(outcome, **TYPED)

    assert declined.status == 402
    assert words in declined.text
    assert 'value="ada@example.com"' in declined.text
    assert api.session(session["id"])["status"] == "open"
    assert browser.choose("pay", **TYPED).status == 303


@pytest.mark.parametrize(("end", "status"), [("settle", "paid"), ("fail", "unpaid")])
def test_a_delayed_payment_is_ended_on_its_page(api: Api, end: str, status: str) -> None:
    session = api.create()
    browser = Browser(session)

    answer = browser.choose("delay", **TYPED)
    waiting = browser.open()
    browser.choose(end)

    assert answer.status == 303
    assert "Let the money arrive" in waiting.text
    assert api.session(session["id"])["payment_status"] == status
    assert "Let the money arrive" not in browser.open().text


def test_a_checkout_that_expired_says_so_and_leads_back(api: Api) -> None:
    browser = Browser(api.create())

    browser.choose("expire")

    assert "cannot be paid any more" in browser.open().text
    assert 'href="http://localhost:8000/cart/"' in browser.open().text
    assert browser.choose("pay", **TYPED).status == 200


def test_sixteen_clicks_on_pay_charge_once(server: SandboxServer) -> None:
    session = Api(server).create()
    browser = Browser(session)

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: browser.choose("pay", **TYPED), range(16)))

    assert {(answer.status, answer.headers["Location"]) for answer in answers} == {
        (303, f"http://localhost:8000/return/?session_id={session['id']}")
    }
    assert len(server.events("charge.succeeded")) == 1
    assert len(server.events("checkout.session.completed")) == 1


def test_a_session_paid_in_another_tab_between_look_and_act_leads_back(server: SandboxServer) -> None:
    session = Api(server).create()
    looked_at = sessions.find(server.store, session["id"])
    server.pay(session["id"])

    status, headers, _ = server.application.page._act(looked_at, {"outcome": "pay", **TYPED})

    assert (status, dict(headers)["Location"]) == (303, f"http://localhost:8000/return/?session_id={session['id']}")
    assert len(server.events("charge.succeeded")) == 1


def test_declining_what_was_paid_in_another_tab_changes_nothing(server: SandboxServer) -> None:
    session = Api(server).create()
    looked_at = sessions.find(server.store, session["id"])
    server.pay(session["id"])

    status, _, _ = server.application.page._act(looked_at, {"outcome": "generic_decline", **TYPED})

    assert status == 303
    assert server.events("charge.failed") == []


@pytest.mark.parametrize(("how", "heard"), [("before", 1), ("twice", 2), ("lost", 0)])
def test_the_message_to_the_shop_can_be_lost_or_doubled(
    server: SandboxServer, endpoint: Endpoint, how: str, heard: int
) -> None:
    server.webhook_url = endpoint.url
    session = Api(server).create()

    Browser(session).choose("pay", **TYPED, delivery=how)

    assert endpoint.types.count("checkout.session.completed") == heard


def test_a_lost_message_can_be_sent_from_the_page(server: SandboxServer, endpoint: Endpoint) -> None:
    server.webhook_url = endpoint.url
    browser = Browser(Api(server).create())
    browser.choose("pay", **TYPED, delivery="lost")
    completed = server.events("checkout.session.completed")[0]["id"]

    browser.choose("resend", event=completed)

    assert endpoint.types == ["checkout.session.completed"]


@pytest.mark.parametrize("broken", ["token", "cookie", "origin", "site"])
def test_a_form_from_elsewhere_is_refused(api: Api, broken: str) -> None:
    session = api.create()
    browser = Browser(session)
    headers = {"Cookie": browser.cookie, "Origin": api.server.url, "Sec_Fetch_Site": "same-origin"}
    form = {"token": browser.token, "outcome": "pay", **TYPED}
    if broken == "token":
        form["token"] = "guessed"
    elif broken == "cookie":
        del headers["Cookie"]
    elif broken == "origin":
        headers["Origin"] = "http://evil.example"
    else:
        headers["Sec_Fetch_Site"] = "cross-site"

    answer = request(session["url"], "POST", urlencode(form), **headers)

    assert answer.status == 403
    assert api.session(session["id"])["status"] == "open"


def test_the_start_page_lists_checkouts(api: Api) -> None:
    session = api.create()

    page = request(f"{api.server.url}/")

    assert page.status == 200
    assert f'href="/c/pay/{session["id"]}"' in page.text


@pytest.mark.parametrize("path", ["/nothing", "/c/pay/cs_test_none", "/c/pay/../../etc/passwd"])
def test_an_address_that_leads_nowhere_says_so(api: Api, path: str) -> None:
    assert request(f"{api.server.url}{path}").status == 404


def test_other_methods_are_refused(api: Api) -> None:
    assert request(api.create()["url"], "PUT").status == 405
