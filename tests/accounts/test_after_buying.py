"""What a purchase as a guest leads to: a code to the order's address, and the order in the account."""

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import AbstractBaseUser
from django.core import mail
from django.test import Client

from accounts.buyers import buyer_for_email
from shop.models import Order
from shop.orders import code_token

from .conftest import code_in

pytestmark = pytest.mark.django_db

MakeUser = Callable[..., AbstractBaseUser]
SignIn = Callable[..., Client]


def order_of(email: str, **fields: Any) -> Order:
    number = f"2222-{Order.objects.count():04}"
    return Order.objects.create(
        number=number,
        public_token=number,
        email=email,
        currency="EUR",
        subtotal_minor=100,
        total_minor=100,
        livemode=False,
        **fields,
    )


def test_the_buyer_is_sent_a_code_without_typing_the_address(client: Client) -> None:
    order = order_of("anna@harmony.test", user=buyer_for_email("anna@harmony.test"))

    sent = client.post("/account/send-code/", {"order": code_token(order), "next": "/journal/"})
    page = client.get(sent["Location"]).content.decode()
    entered = client.post(sent["Location"], {"code": code_in(mail.outbox[0])})

    assert sent["Location"] == "/account/login/code/?next=/journal/"
    assert mail.outbox[0].to == ["anna@harmony.test"]
    assert "anna@harmony.test" not in page
    assert "a•••@h•••.test" in page
    assert entered["Location"] == "/journal/"


def test_the_address_stays_hidden_when_another_code_is_sent(client: Client) -> None:
    order = order_of("anna@harmony.test", user=buyer_for_email("anna@harmony.test"))
    client.post("/account/send-code/", {"order": code_token(order)})

    client.post("/account/login/code/again/")
    page = client.get("/account/login/code/").content.decode()

    assert len(mail.outbox) == 2
    assert "anna@harmony.test" not in page


def test_an_order_whose_account_is_closed_gets_the_same_answer_and_no_code(client: Client, make_user: MakeUser) -> None:
    make_user("anna@harmony.test", is_active=False)

    sent = client.post("/account/send-code/", {"order": code_token(order_of("anna@harmony.test"))})

    assert sent["Location"] == "/account/login/code/"
    assert code_in(mail.outbox[0]) == ""


def test_a_forged_or_old_token_sends_nothing(client: Client) -> None:
    with time_machine.travel("2026-11-22 10:00:00+00:00"):
        old = code_token(order_of("anna@harmony.test"))

    answers = [client.post("/account/send-code/", {"order": token}) for token in ["", "2222-0000", old + "x", old]]
    looked = client.get("/account/send-code/")

    assert [answer["Location"] for answer in answers] == ["/account/login/"] * 4
    assert looked.status_code == 405
    assert mail.outbox == []


def test_codes_to_a_buyer_are_limited_whoever_holds_the_token() -> None:
    token = code_token(order_of("anna@harmony.test", user=buyer_for_email("anna@harmony.test")))

    answers = [Client().post("/account/send-code/", {"order": token}) for _ in range(5)]

    assert len(mail.outbox) == 3
    assert answers[4]["Location"] == "/account/login/"


def test_the_token_leads_nowhere_else(client: Client) -> None:
    order = order_of("anna@harmony.test", user=buyer_for_email("anna@harmony.test"))

    sent = client.post("/account/send-code/", {"order": code_token(order), "next": "https://evil.test/"})

    assert sent["Location"] == "/account/login/code/"


def test_the_token_signs_nobody_in_and_swaps_no_account(make_user: MakeUser, sign_in: SignIn) -> None:
    other = make_user("ben@harmony.test")
    client = sign_in("ben@harmony.test")
    order = order_of("anna@harmony.test", user=buyer_for_email("anna@harmony.test"))

    sent = client.post("/account/send-code/", {"order": code_token(order), "next": "/journal/"})

    assert sent["Location"] == "/journal/"
    assert client.session["_auth_user_id"] == str(other.pk)
    assert len(mail.outbox) == 1


def test_signing_in_claims_what_was_bought_with_the_proven_address(make_user: MakeUser, sign_in: SignIn) -> None:
    user = make_user("anna@harmony.test")
    mine, hers = order_of("anna@harmony.test"), order_of("ben@harmony.test")

    sign_in("anna@harmony.test")

    mine.refresh_from_db()
    hers.refresh_from_db()
    assert (mine.user_id, hers.user_id) == (user.pk, None)


def test_an_address_that_was_not_proven_claims_nothing(client: Client) -> None:
    buyer = buyer_for_email("anna@harmony.test")
    order = order_of("anna@harmony.test")
    assert buyer is not None

    client.force_login(buyer)

    order.refresh_from_db()
    assert order.user_id is None


def test_a_claim_that_fails_keeps_nobody_out_is_logged_without_names_and_done_next_time(
    make_user: MakeUser, sign_in: SignIn, caplog: Any, monkeypatch: Any
) -> None:
    user = make_user("anna@harmony.test")
    order = order_of("anna@harmony.test")

    with monkeypatch.context() as broken:
        broken.setattr(Order._meta.get_field("email"), "get_prep_value", _fail)
        first = sign_in("anna@harmony.test")
    logged = caplog.text
    sign_in("anna@harmony.test")

    order.refresh_from_db()
    assert "_auth_user_id" in first.session
    assert f"Claiming the purchases of user {user.pk} failed: OSError." in logged
    assert "anna" not in logged
    assert order.user_id == user.pk


def _fail(value: Any) -> Any:
    raise OSError(f"cannot reach the row of {value}")
