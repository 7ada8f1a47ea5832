"""The gate that asks for fresh proof."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote

import pytest
import time_machine
from allauth.account.internal.flows.login import record_authentication
from allauth.account.signals import user_logged_in
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.sessions.backends.db import SessionStore
from django.core import mail
from django.test import Client

from accounts import proof

from .conftest import code_in, use_mail_backend

pytestmark = pytest.mark.django_db

MakeUser = Callable[..., AbstractBaseUser]
SignIn = Callable[..., Client]


@pytest.fixture(autouse=True)
def gated(settings: Any) -> None:
    """Put the gate before two pages that need no other app."""
    settings.FRESH_PROOF_VIEWS = ["anahata_accounts:account", "account_logout"]


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel("2026-11-23 10:00:00+00:00", tick=False) as traveller:
        yield traveller


@pytest.fixture
def stale(make_user: MakeUser, sign_in: SignIn, clock: Any) -> Client:
    """Return the browser of Anna, who signed in by a code a day ago."""
    make_user("anna@harmony.test")
    client = sign_in("anna@harmony.test")
    clock.shift(86_400)
    mail.outbox.clear()
    return client


def ask(client: Client, onward: str = "/account/") -> str:
    """Ask for a code at the gate, and return it."""
    client.post("/account/confirm/", {"action": "send", "next": onward})
    return code_in(mail.outbox[-1])


def test_a_stale_session_is_led_to_the_gate_and_on(stale: Client) -> None:
    turned = stale.get("/account/?tab=data")
    page = stale.get(turned["Location"])
    sent = stale.post("/account/confirm/", {"action": "send", "next": "/account/?tab=data"})
    passed = stale.post("/account/confirm/", {"code": code_in(mail.outbox[0]), "next": "/account/?tab=data"})

    assert unquote(turned["Location"]) == "/account/confirm/?next=/account/?tab=data"
    assert "no-store" in turned["Cache-Control"]
    assert "Send me a code" in page.content.decode()
    assert unquote(sent["Location"]) == unquote(turned["Location"])
    assert passed["Location"] == "/account/?tab=data"
    assert stale.get("/account/").status_code == 200


def test_looking_at_the_gate_sends_nothing(stale: Client) -> None:
    for _ in range(3):
        stale.get("/account/confirm/?next=/account/")

    assert mail.outbox == []


def test_the_code_goes_to_the_accounts_own_address_in_a_neutral_mail(stale: Client) -> None:
    stale.post("/account/confirm/", {"action": "send", "email": "thief@evil.test"})

    assert [(message.to, message.subject) for message in mail.outbox] == [(["anna@harmony.test"], "Your code")]


def test_signing_in_by_a_code_is_fresh_proof_for_ten_minutes(make_user: MakeUser, sign_in: SignIn, clock: Any) -> None:
    make_user("anna@harmony.test")
    client = sign_in("anna@harmony.test")

    clock.shift(599)
    just_in_time = client.get("/account/")
    clock.shift(1)
    too_late = client.get("/account/")

    assert just_in_time.status_code == 200
    assert too_late.status_code == 302


def test_a_code_at_the_gate_is_good_for_ten_minutes(stale: Client, clock: Any) -> None:
    stale.post("/account/confirm/", {"code": ask(stale)})

    clock.shift(599)
    just_in_time = stale.get("/account/")
    clock.shift(1)
    too_late = stale.get("/account/")

    assert just_in_time.status_code == 200
    assert too_late.status_code == 302


def test_being_signed_in_any_other_way_is_no_proof(client: Client, make_user: MakeUser) -> None:
    client.force_login(make_user("anna@harmony.test"))

    assert client.get("/account/")["Location"] == "/account/confirm/?next=/account/"


def test_anonymous_visitors_are_left_to_the_view(client: Client) -> None:
    assert client.get("/account/")["Location"] == "/account/login/?next=/account/"


def test_other_views_ask_for_nothing(stale: Client) -> None:
    assert stale.get("/account/confirm/").status_code == 200


def test_a_form_without_proof_does_nothing_and_comes_back_to_its_own_page(stale: Client) -> None:
    turned = stale.post("/account/logout/")
    stale.post("/account/confirm/", {"code": ask(stale, "/account/logout/")})

    assert turned["Location"] == "/account/confirm/?next=/account/logout/"
    assert "_auth_user_id" in stale.session
    assert stale.get("/account/logout/").status_code == 200


def test_three_wrong_codes_end_it_and_the_right_one_comes_too_late(stale: Client) -> None:
    right = ask(stale)

    pages = [stale.post("/account/confirm/", {"code": "0000-0000"}).content.decode() for _ in range(3)]
    late = stale.post("/account/confirm/", {"code": right})

    assert ["That is not the code" in page for page in pages] == [True, True, False]
    assert "tried quite often" in pages[2]
    assert late.status_code == 200
    assert stale.get("/account/").status_code == 302


def test_tries_sent_at_the_same_moment_are_counted_all_the_same(stale: Client) -> None:
    right = ask(stale)
    untried = dict(stale.session.items())

    for _ in range(3):
        stale.post("/account/confirm/", {"code": "0000-0000"})
        session = stale.session
        session.update(untried)
        session.save()
    stale.post("/account/confirm/", {"code": right})

    assert stale.get("/account/").status_code == 302


def test_a_code_that_waited_too_long_is_void(stale: Client, clock: Any) -> None:
    code = ask(stale)

    clock.shift(600)
    stale.post("/account/confirm/", {"code": code})

    assert stale.get("/account/").status_code == 302


def test_a_code_counts_once(stale: Client, clock: Any, settings: Any) -> None:
    settings.FRESH_PROOF_SECONDS = 60
    code = ask(stale)
    stale.post("/account/confirm/", {"code": code})
    clock.shift(60)

    stale.post("/account/confirm/", {"code": code})

    assert stale.get("/account/").status_code == 302


def test_a_new_code_makes_the_old_one_void(stale: Client) -> None:
    old = ask(stale)
    ask(stale)

    stale.post("/account/confirm/", {"code": old})

    assert stale.get("/account/").status_code == 302


def test_a_code_and_a_proof_hold_in_their_own_session_only(stale: Client, sign_in: SignIn, clock: Any) -> None:
    other = sign_in("anna@harmony.test")
    clock.shift(86_400)
    code = ask(stale)

    other.post("/account/confirm/", {"code": code})
    stale.post("/account/confirm/", {"code": code})

    assert stale.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 302


def test_a_proof_does_not_pass_to_the_next_person_in_the_browser(stale: Client, make_user: MakeUser) -> None:
    stale.post("/account/confirm/", {"code": ask(stale)})

    stale.force_login(make_user("ben@harmony.test"))

    assert stale.get("/account/").status_code == 302


def test_a_proof_and_a_code_are_one_persons() -> None:
    session = SessionStore()
    proof.mark_fresh(session, 1)
    proof.ask(session, 1, "1234-5678")

    assert proof.is_fresh(session, 1)
    assert not proof.is_fresh(session, 2)
    assert proof.answer(session, 2, "1234-5678") is proof.Answer.OVER


def test_signing_in_otherwise_than_by_a_code_is_no_proof(rf: Any, make_user: MakeUser) -> None:
    user = make_user("anna@harmony.test")
    request = rf.get("/")
    request.session, request.user = SessionStore(), user

    for method in ["password", "code"]:
        record_authentication(request, user, method=method)
        user_logged_in.send(sender=type(user), request=request, user=user)
        assert proof.is_fresh(request.session, user.pk) is (method == "code")


def test_the_session_holds_no_code(stale: Client) -> None:
    code = ask(stale)

    assert code not in str(dict(stale.session.items()))
    assert code.replace("-", "") not in str(dict(stale.session.items()))


def test_codes_are_limited(stale: Client) -> None:
    for _ in range(5):
        stale.post("/account/confirm/", {"action": "send"})
    page = stale.get("/account/confirm/").content.decode()

    assert len(mail.outbox) == 3
    assert "tried quite often" in page


def test_a_dead_mail_server_is_said(stale: Client, settings: Any) -> None:
    use_mail_backend(settings, "tests.accounts.refusing.RefusingBackend")

    answer = stale.post("/account/confirm/", {"action": "send"}, follow=True)

    assert "We cannot send mail right now" in answer.content.decode()


@pytest.mark.parametrize("address", ["https://evil.test/", "//evil.test/", "/\\evil.test", "javascript:alert(1)"])
def test_the_gate_leads_nowhere_else(address: str, stale: Client) -> None:
    sent = stale.post("/account/confirm/", {"action": "send", "next": address})
    passed = stale.post("/account/confirm/", {"code": code_in(mail.outbox[0]), "next": address})

    assert sent["Location"] == "/account/confirm/"
    assert passed["Location"] == "/account/"


def test_someone_with_fresh_proof_passes_the_gate_at_once(stale: Client) -> None:
    stale.post("/account/confirm/", {"code": ask(stale)})

    assert stale.get("/account/confirm/?next=/blog/")["Location"] == "/blog/"


def test_the_gate_is_for_those_who_are_signed_in(client: Client) -> None:
    assert client.get("/account/confirm/?next=/blog/")["Location"].startswith("/account/login/?next=/account/confirm/")
    assert client.post("/account/confirm/", {"action": "send"}).status_code == 302
    assert mail.outbox == []
