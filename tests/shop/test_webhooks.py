"""What arrives at the webhook: believed when signed, stored once, handled as often as it takes."""

import json
import time
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from shop import tasks, webhooks
from shop.models import Entitlement, Order, OutboxMail, Product, Stock, StripeEvent
from tests.shop.conftest import cart_with, post_event, session_of, signed

pytestmark = pytest.mark.django_db
URL = "/stripe/webhook/"


def an_event(**changes: Any) -> dict[str, Any]:
    event = {
        "id": "evt_1",
        "object": "event",
        "type": "charge.updated",
        "api_version": "2026-10-28.endive",
        "livemode": False,
        "data": {"object": {"id": "ch_1", "object": "charge"}},
    }
    return {**event, **changes}


def post(client: Client, body: bytes | str, signature: str) -> int:
    return client.post(URL, body, content_type="application/json", headers={"stripe-signature": signature}).status_code


def test_a_signed_event_is_stored(client: Client, settings: Any) -> None:
    status = post_event(client, an_event(), settings)

    row = StripeEvent.objects.get()
    assert status == 200
    assert (row.event_id, row.type, row.object_id, row.state, row.livemode) == (
        "evt_1",
        "charge.updated",
        "ch_1",
        "received",
        False,
    )


def test_a_repeated_delivery_is_stored_once(client: Client, settings: Any) -> None:
    statuses = [post_event(client, an_event(), settings) for _delivery in range(3)]

    assert statuses == [200, 200, 200]
    assert StripeEvent.objects.count() == 1


def test_a_new_event_wakes_the_worker_once(
    client: Client, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks() as first:
        post_event(client, an_event(), settings)
    with django_capture_on_commit_callbacks() as second:
        post_event(client, an_event(), settings)

    assert (len(first), len(second)) == (1, 0)


def test_either_of_two_secrets_is_good_while_one_is_replaced(client: Client, settings: Any) -> None:
    body = json.dumps(an_event())
    settings.STRIPE_WEBHOOK_SECRETS = ["whsec_new", "whsec_old"]

    statuses = [
        post(client, body, signed(body, settings, secret)) for secret in ("whsec_new", "whsec_old", "whsec_other")
    ]

    assert statuses == [200, 200, 400]


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "nonsense",
        "t=1",
        "v1=abc",
        "t=x,v1=abc",
        "t=1,t=2",
        "=,=",
        "t=1,v1=é",
        "t=1,v1=\x80",
        "t=99999999999999999999,v1=00",
        "t=1,v0=00",
    ],
)
def test_a_malformed_signature_is_a_400(client: Client, signature: str) -> None:
    status = post(client, json.dumps(an_event()), signature)

    assert (status, StripeEvent.objects.count()) == (400, 0)


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"\x00", b"{", b"[]", b"null", b"3", b'"text"', b"[" * 100_000])
def test_a_malformed_body_is_a_400_unsigned_and_signed(client: Client, settings: Any, body: bytes) -> None:
    good = signed(body.decode("utf-8", "replace"), settings)

    statuses = [post(client, body, "t=1,v1=00"), post(client, body, good)]

    assert (statuses, StripeEvent.objects.count()) == ([400, 400], 0)


@pytest.mark.parametrize(
    "event",
    [
        {},
        an_event(id=None),
        an_event(id="evt\x00"),
        an_event(id=["evt_1"]),
        an_event(id="e" * 300),
        an_event(type=None),
        an_event(type="a" * 200),
        an_event(type="charge.updated\x00"),
        an_event(data=None),
        an_event(data=[]),
        an_event(data={}),
        an_event(data={"object": "text"}),
        an_event(object="v2.core.event"),
        an_event(livemode=None),
    ],
)
def test_what_is_signed_and_no_event_is_a_400(client: Client, settings: Any, event: dict[str, Any]) -> None:
    assert (post_event(client, event, settings), StripeEvent.objects.count()) == (400, 0)


def test_strange_ids_inside_an_event_are_not_kept(client: Client, settings: Any) -> None:
    status = post_event(client, an_event(data={"object": {"id": "a\x00b"}}, api_version="x" * 90), settings)

    row = StripeEvent.objects.get()
    assert (status, row.object_id, row.api_version) == (200, "", "")


def test_an_event_of_the_other_mode_is_refused(client: Client, settings: Any) -> None:
    assert (post_event(client, an_event(livemode=True), settings), StripeEvent.objects.count()) == (400, 0)


def test_an_old_signature_is_refused(client: Client, settings: Any) -> None:
    import stripe

    body = json.dumps(an_event())
    old = stripe.WebhookSignature.generate_signature_header(
        body, settings.STRIPE_WEBHOOK_SECRETS[0], int(time.time()) - 301
    )

    assert post(client, body, old) == 400


def test_a_body_changed_on_the_way_is_refused(client: Client, settings: Any) -> None:
    signature = signed(json.dumps(an_event()), settings)

    assert post(client, json.dumps(an_event(type="checkout.session.completed")), signature) == 400


def test_nothing_is_believed_without_a_secret(client: Client, settings: Any) -> None:
    body = json.dumps(an_event())
    settings.STRIPE_WEBHOOK_SECRETS = []

    assert post(client, body, signed(body, settings, "whsec_x")) == 400


def test_only_a_post_is_taken(client: Client) -> None:
    assert client.get(URL).status_code == 405


def test_no_csrf_token_is_asked_for(settings: Any) -> None:
    assert post_event(Client(enforce_csrf_checks=True), an_event(), settings) == 200


def test_a_paid_checkout_is_settled_by_the_worker(
    client: Client, begin: Any, stripe_server: Any, journal: Product, settings: Any
) -> None:
    order = begin(cart_with(journal=1))
    stripe_server.pay(session_of(order), deliver=False)
    for event in stripe_server.events():
        post_event(client, event, settings)
    before = Order.objects.get().payment_state

    tasks.sweep_now()

    assert (before, Order.objects.get().payment_state) == ("awaiting", "paid")
    assert StripeEvent.objects.get(type="checkout.session.completed").state == "done"
    assert not StripeEvent.objects.exclude(type="checkout.session.completed").exclude(state="ignored").exists()


def test_delivered_twice_and_in_reverse_has_one_effect(
    client: Client, begin: Any, stripe_server: Any, bundle: Product, candle: Product, zone: Any, settings: Any
) -> None:
    order = begin(cart_with("DE", bundle=1))
    stripe_server.delay(session_of(order), deliver=False)
    stripe_server.settle(session_of(order), True, deliver=False)
    events = stripe_server.events()

    for event in [*reversed(events), *events]:
        post_event(client, event, settings)
        tasks.sweep_now()

    stock = Stock.objects.get(product=candle)
    assert Order.objects.get().payment_state == "paid"
    assert (stock.on_hand, stock.reserved, Entitlement.objects.count(), OutboxMail.objects.count()) == (19, 0, 1, 1)


def test_an_event_that_fails_is_tried_again_later(
    client: Client, begin: Any, stripe_server: Any, journal: Product, settings: Any
) -> None:
    order = begin(cart_with(journal=1))
    stripe_server.pay(session_of(order), deliver=False)
    post_event(client, stripe_server.events("checkout.session.completed")[0], settings)
    stripe_server.fail_next(1, 500)
    webhooks.handle(StripeEvent.objects.get().pk)
    failed = StripeEvent.objects.get()

    webhooks.handle(failed.pk)  # too early
    early = StripeEvent.objects.get().attempts
    StripeEvent.objects.update(next_try_at=timezone.now())
    webhooks.handle(failed.pk)

    assert (failed.state, failed.attempts, early) == ("failed", 1, 1)
    assert failed.next_try_at > timezone.now()
    assert StripeEvent.objects.get().state == "done"
    assert Order.objects.get().payment_state == "paid"


def test_unknown_but_ours_fails_and_is_tried_again(
    client: Client, begin: Any, stripe_server: Any, journal: Product, settings: Any
) -> None:
    order = begin(cart_with(journal=1))
    stripe_server.pay(session_of(order), deliver=False)
    post_event(client, stripe_server.events("checkout.session.completed")[0], settings)
    Order.objects.all().delete()

    tasks.sweep_now()

    row = StripeEvent.objects.get()
    assert (row.state, row.error.split(":")[0]) == ("failed", "UnknownButOurs")


def test_a_session_of_another_shop_is_ignored(
    client: Client, begin: Any, stripe_server: Any, journal: Product, settings: Any
) -> None:
    order = begin(cart_with(journal=1))
    stripe_server.pay(session_of(order), deliver=False)
    post_event(client, stripe_server.events("checkout.session.completed")[0], settings)
    Order.objects.all().delete()
    settings.SHOP_ID = "another"

    tasks.sweep_now()

    assert StripeEvent.objects.get().state == "ignored"


def test_a_row_that_a_killed_worker_left_is_taken_up_again(client: Client, settings: Any) -> None:
    post_event(client, an_event(), settings)
    StripeEvent.objects.update(attempts=1, next_try_at=timezone.now() + webhooks.LEASE)
    tasks.sweep_now()
    held = StripeEvent.objects.get().state
    StripeEvent.objects.update(next_try_at=timezone.now() - timedelta(seconds=1))

    tasks.sweep_now()

    assert (held, StripeEvent.objects.get().state) == ("received", "ignored")


def test_the_sandbox_reaches_the_webhook_over_http(
    live_server: Any, begin: Any, stripe_server: Any, journal: Product
) -> None:
    stripe_server.webhook_url = f"{live_server.url}{URL}"
    order = begin(cart_with(journal=1))

    stripe_server.pay(session_of(order))

    tasks.sweep_now()
    assert Order.objects.get().payment_state == "paid"
    assert StripeEvent.objects.filter(type="checkout.session.completed", state="done").count() == 1
