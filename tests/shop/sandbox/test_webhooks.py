"""Events reach the shop over real HTTP: signed, in order, again when not taken."""

import json
import time
from collections.abc import Callable

import pytest
import stripe

from shop.stripe_sandbox import API_VERSION
from shop.stripe_sandbox.server import SandboxServer
from shop.stripe_sandbox.webhooks import signature_header
from tests.shop.sandbox.conftest import SECRETS, Api, Endpoint
from tests.stripe_spec import check_object


def wait_for(condition: Callable[[], bool], seconds: float = 5) -> bool:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


@pytest.fixture
def api(server: SandboxServer, endpoint: Endpoint) -> Api:
    server.webhook_url = endpoint.url
    return Api(server)


def test_paying_delivers_every_event_before_the_buyer_goes_back(api: Api, endpoint: Endpoint) -> None:
    session = api.create()

    api.server.pay(session["id"])

    assert endpoint.types == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
    ]


def test_a_delivered_event_has_stripes_envelope(api: Api, endpoint: Endpoint) -> None:
    session = api.create()
    api.server.pay(session["id"])

    event = json.loads(endpoint.bodies[-1])

    check_object(event, "event")
    assert event["api_version"] == API_VERSION
    assert event["request"] == {"id": None, "idempotency_key": None}
    assert (event["livemode"], event["pending_webhooks"]) == (False, 1)
    assert event["data"]["object"]["id"] == session["id"]
    assert api("GET", f"/v1/events/{event['id']}").json["pending_webhooks"] == 0


@pytest.mark.parametrize("secret", SECRETS)
def test_both_secrets_verify_what_is_sent(api: Api, endpoint: Endpoint, secret: str) -> None:
    api.server.pay(api.create()["id"])

    event = stripe.Webhook.construct_event(endpoint.bodies[-1], endpoint.signatures[-1], secret)

    assert event.type == "checkout.session.completed"
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(endpoint.bodies[-1], endpoint.signatures[-1], "whsec_strange")


def test_the_signature_is_stripes(api: Api) -> None:
    header = signature_header(b'{"a": 1}', ["whsec_x"], 1_700_000_000)

    stamp = stripe.WebhookSignature.generate_signature_header('{"a": 1}', "whsec_x", timestamp=1_700_000_000)
    assert header == stamp


def test_an_event_that_was_lost_can_be_sent_by_hand(api: Api, endpoint: Endpoint) -> None:
    api.server.pay(api.create()["id"], deliver=False)
    completed = api.server.events("checkout.session.completed")[0]["id"]
    assert endpoint.bodies == []

    statuses = api.server.deliver(completed, times=2)

    assert statuses == [200, 200]
    assert [json.loads(body)["id"] for body in endpoint.bodies] == [completed, completed]


def test_what_is_not_taken_is_tried_again_with_a_new_signature(api: Api, endpoint: Endpoint) -> None:
    api.server.courier.retry_after = (0.01, 0.01)
    session = api.create()
    endpoint.answers = [500, 503, 200]

    expired = api.server.expire(session["id"])

    assert expired["status"] == "expired"
    assert wait_for(lambda: len(endpoint.bodies) == 3)
    event = api.server.events()[0]["id"]
    assert wait_for(lambda: api.server.delivery(event).delivered)
    assert api.server.delivery(event).attempts == 3
    assert all(",v1=" in signature for signature in endpoint.signatures)


@pytest.mark.parametrize("status", [301, 400, 500])
def test_only_a_2xx_counts_as_taken(api: Api, endpoint: Endpoint, status: int) -> None:
    api.server.courier.retry_after = ()
    session = api.create()
    endpoint.answers = [status]

    api.server.expire(session["id"])

    event = api.server.events()[0]["id"]
    assert len(endpoint.bodies) == 1
    assert (api.server.delivery(event).delivered, api.server.delivery(event).last_status) == (False, status)
    assert [one["id"] for one in api("GET", "/v1/events", {"delivery_success": False}).json["data"]] == [event]


def test_an_endpoint_that_is_down_does_not_stop_the_payment(server: SandboxServer) -> None:
    server.webhook_url = "http://127.0.0.1:1/stripe/webhook/"
    session = Api(server).create()

    paid = server.pay(session["id"])

    assert paid["payment_status"] == "paid"
    assert server.delivery(server.events()[-1]["id"]).last_status == 0


def test_a_slow_endpoint_does_not_keep_the_buyer_waiting(api: Api, endpoint: Endpoint) -> None:
    endpoint.slowness = 0.5
    api.server.pay(api.create()["id"], deliver=False)
    ids = [event["id"] for event in api.server.events()]
    began = time.monotonic()

    api.server.courier.send(ids, within=0.1)

    assert time.monotonic() - began < 0.4
    assert all(api.server.delivery(id).due_at is not None for id in ids)
    endpoint.slowness = 0
    assert wait_for(lambda: set(endpoint.types) == {event["type"] for event in api.server.events()})


def test_expiring_by_the_api_tells_the_shop_in_the_background(api: Api, endpoint: Endpoint) -> None:
    session = api.create()

    reply = api("POST", f"/v1/checkout/sessions/{session['id']}/expire", Idempotency_Key="close-1")

    assert wait_for(lambda: endpoint.types == ["checkout.session.expired"])
    assert json.loads(endpoint.bodies[0])["request"] == {
        "id": reply.headers["Request-Id"],
        "idempotency_key": "close-1",
    }


def test_without_an_endpoint_events_wait(server: SandboxServer, endpoint: Endpoint) -> None:
    server.pay(Api(server).create()["id"])
    server.webhook_url = endpoint.url

    missed = [event["id"] for event in Api(server)("GET", "/v1/events", {"delivery_success": False}).json["data"]]

    assert len(missed) == 4
    assert server.deliver(missed[0]) == [200]
    assert len(Api(server)("GET", "/v1/events", {"delivery_success": False}).json["data"]) == 3


def test_events_are_listed_newest_first_and_filtered(server: SandboxServer) -> None:
    api = Api(server)
    server.pay(api.create()["id"])

    def types(**params: object) -> list[str]:
        return [event["type"] for event in api("GET", "/v1/events", params).json["data"]]

    assert types() == [event["type"] for event in reversed(server.events())]
    assert types(type="charge.succeeded") == ["charge.succeeded"]
    assert types(type="payment_intent.*") == ["payment_intent.succeeded", "payment_intent.created"]
    assert types(types=["charge.succeeded", "payment_intent.created"]) == ["charge.succeeded", "payment_intent.created"]
    assert types(delivery_success=True) == []
    assert types(created={"gte": int(time.time()) + 60}) == []
    assert types(limit=2) == ["checkout.session.completed", "payment_intent.succeeded"]
    assert types(starting_after=server.events()[1]["id"]) == ["payment_intent.created"]


def test_an_event_shows_the_object_as_it_was(server: SandboxServer) -> None:
    server.pay(Api(server).create()["id"])

    created = server.events("payment_intent.created")[0]["data"]["object"]

    assert (created["status"], created["latest_charge"]) == ("requires_payment_method", None)
