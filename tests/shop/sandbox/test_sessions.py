"""Sessions as the API shows them, from making to paid."""

from collections.abc import Callable

import pytest
import stripe
import time_machine

from shop.stripe_sandbox.outcomes import NotPossible
from shop.stripe_sandbox.server import SandboxServer
from tests.shop.sandbox.conftest import Api, line, shipped, wanted
from tests.stripe_spec import check_object, check_request


def test_a_new_session_is_open_and_unpaid(api: Api) -> None:
    check_request("/v1/checkout/sessions", shipped())

    session = api.create(**shipped(metadata={"order": "A1"}, client_reference_id="A1"))

    assert (session["status"], session["payment_status"], session["payment_intent"]) == ("open", "unpaid", None)
    assert session["url"].startswith(f"{api.server.url}/c/pay/cs_test_")
    assert (session["amount_subtotal"], session["amount_total"]) == (2400, 2890)
    assert session["success_url"].endswith("{CHECKOUT_SESSION_ID}")
    assert session["metadata"] == {"order": "A1"}
    assert "line_items" not in session
    assert session["livemode"] is False


def test_the_sdk_buys(server: SandboxServer, sdk: Callable[[SandboxServer], stripe.StripeClient]) -> None:
    client = sdk(server)
    session = client.v1.checkout.sessions.create(shipped(expand=["line_items"]), {"idempotency_key": "a-1"})

    server.pay(session.id, email="ada@example.com", name="Ada")

    assert session.line_items is not None
    assert session.line_items.data[0].description == "Candle"
    paid = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent.latest_charge"]})
    assert (paid.status, paid.payment_status, paid.url) == ("complete", "paid", None)
    assert paid.payment_intent.latest_charge.paid is True
    assert paid.customer_details is not None
    assert paid.customer_details.email == "ada@example.com"


def test_what_was_typed_stands_where_stripe_puts_it(api: Api) -> None:
    session = api.create(**shipped())
    slow = session["shipping_options"][1]["shipping_rate"]
    address = {"line1": "Allee 3", "city": "Wien", "postal_code": "1010", "country": "AT"}

    api.server.pay(session["id"], email="ada@example.com", name="Ada", address=address, shipping_rate=slow)

    paid = api.session(session["id"])
    assert paid["collected_information"]["shipping_details"]["name"] == "Ada"
    assert paid["collected_information"]["shipping_details"]["address"] == {**address, "line2": None, "state": None}
    assert "shipping_details" not in paid
    assert paid["shipping_cost"] == {
        "amount_subtotal": 150,
        "amount_tax": 0,
        "amount_total": 150,
        "shipping_rate": slow,
    }
    assert paid["total_details"] == {"amount_discount": 0, "amount_shipping": 150, "amount_tax": 0}
    assert paid["amount_total"] == 2550
    intent = api("GET", f"/v1/payment_intents/{paid['payment_intent']}").json
    assert (intent["amount"], intent["amount_received"], intent["shipping"]["address"]["city"]) == (2550, 2550, "Wien")


def test_a_digital_order_asks_for_no_address(api: Api) -> None:
    session = api.create()

    api.server.pay(session["id"])

    assert api.session(session["id"])["collected_information"]["shipping_details"] is None


def test_the_address_the_shop_sent_cannot_be_changed(api: Api) -> None:
    session = api.create(customer_email="known@example.com")

    paid = api.server.pay(session["id"], email="other@example.com")

    assert paid["customer_details"]["email"] == "known@example.com"


def test_metadata_of_the_intent_reaches_intent_and_charge(api: Api) -> None:
    session = api.create(
        payment_intent_data={"metadata": {"order": "A1"}, "description": "A1", "statement_descriptor_suffix": "QUIET"}
    )

    paid = api.server.pay(session["id"])

    intent = api("GET", f"/v1/payment_intents/{paid['payment_intent']}", {"expand": ["latest_charge"]}).json
    assert intent["metadata"] == intent["latest_charge"]["metadata"] == {"order": "A1"}
    assert intent["latest_charge"]["statement_descriptor_suffix"] == "QUIET"


def test_a_session_is_paid_once(api: Api) -> None:
    session = api.create()
    api.server.pay(session["id"])

    with pytest.raises(NotPossible):
        api.server.pay(session["id"])

    assert (
        len([event for event in api.server.events("charge.succeeded") if event["data"]["object"]["amount"] == 2400])
        >= 1
    )
    assert api.session(session["id"])["payment_status"] == "paid"


@pytest.mark.parametrize("reason", ["generic_decline", "insufficient_funds", "expired_card"])
def test_a_decline_leaves_the_session_open_and_payable(server: SandboxServer, reason: str) -> None:
    api = Api(server)
    session = api.create()

    server.decline(session["id"], reason=reason)

    declined = api.session(session["id"])
    assert (declined["status"], declined["payment_intent"]) == ("open", None)
    assert [event["type"] for event in server.events()] == [
        "payment_intent.created",
        "charge.failed",
        "payment_intent.payment_failed",
    ]
    failed = server.events("payment_intent.payment_failed")[0]["data"]["object"]
    assert failed["last_payment_error"]["decline_code"] == reason
    paid = server.pay(session["id"])
    assert paid["payment_intent"] == failed["id"]


def test_a_delayed_payment_is_complete_and_unpaid_until_it_arrives(server: SandboxServer) -> None:
    api = Api(server)
    session = api.create()

    server.delay(session["id"])
    waiting = api.session(session["id"])
    server.settle(session["id"], True)

    assert (waiting["status"], waiting["payment_status"]) == ("complete", "unpaid")
    assert api.session(session["id"])["payment_status"] == "paid"
    types = [event["type"] for event in server.events()]
    assert types[1:3] == ["payment_intent.processing", "checkout.session.completed"]
    assert types[-1] == "checkout.session.async_payment_succeeded"
    for event in server.events():
        check_object(event, "event")


def test_a_delayed_payment_may_fail(server: SandboxServer) -> None:
    api = Api(server)
    session = api.create()
    server.delay(session["id"])

    server.settle(session["id"], False)

    assert (api.session(session["id"])["status"], api.session(session["id"])["payment_status"]) == (
        "complete",
        "unpaid",
    )
    assert server.events()[-1]["type"] == "checkout.session.async_payment_failed"
    with pytest.raises(NotPossible):
        server.settle(session["id"], True)


def test_what_costs_nothing_needs_no_payment(server: SandboxServer) -> None:
    session = Api(server).create(line_items=[line(amount=0)])

    paid = server.pay(session["id"])

    assert (paid["payment_status"], paid["payment_intent"]) == ("no_payment_required", None)
    assert [event["type"] for event in server.events()] == ["checkout.session.completed"]


def test_an_expired_session_cannot_be_paid_or_expired_again(api: Api) -> None:
    session = api.create()

    expired = api("POST", f"/v1/checkout/sessions/{session['id']}/expire").json
    again = api("POST", f"/v1/checkout/sessions/{session['id']}/expire")

    assert (expired["status"], expired["url"]) == ("expired", None)
    assert (again.status, again.error["type"]) == (400, "invalid_request_error")
    assert "status of `expired`" in again.error["message"]
    with pytest.raises(NotPossible):
        api.server.pay(session["id"])


def test_a_paid_session_cannot_be_expired(api: Api) -> None:
    session = api.create()
    api.server.pay(session["id"])

    refused = api("POST", f"/v1/checkout/sessions/{session['id']}/expire")

    assert "status of `complete`" in refused.error["message"]


def test_a_session_expires_when_its_time_is_over(server: SandboxServer) -> None:
    api = Api(server)
    session = api.create()

    with time_machine.travel(session["expires_at"] + 1, tick=False):
        over = api.session(session["id"])

    assert over["status"] == "expired"
    assert [event["type"] for event in server.events()] == ["checkout.session.expired"]


def test_terms_that_were_accepted_are_on_the_session(api: Api) -> None:
    session = api.create(consent_collection={"terms_of_service": "required"})

    paid = api.server.pay(session["id"])

    assert paid["consent"]["terms_of_service"] == "accepted"


def test_a_customer_is_made_only_when_asked_for(api: Api) -> None:
    session = api.create(customer_creation="always")

    paid = api.server.pay(session["id"])

    shown = api("GET", f"/v1/checkout/sessions/{paid['id']}", {"expand": ["customer"]}).json
    assert shown["customer"]["email"] == "buyer@example.com"
    assert api.server.pay(api.create()["id"])["customer"] is None


def test_line_items_come_in_pages(api: Api) -> None:
    session = api.create(line_items=[line(name=f"Thing {n}") for n in range(12)])
    address = f"/v1/checkout/sessions/{session['id']}/line_items"

    first = api("GET", address, {"expand": ["data.price.product"]}).json
    rest = api("GET", address, {"starting_after": first["data"][-1]["id"], "limit": 100}).json

    assert [item["description"] for item in first["data"] + rest["data"]] == [f"Thing {n}" for n in range(12)]
    assert (first["has_more"], rest["has_more"]) == (True, False)
    assert first["data"][0]["price"]["product"]["name"] == "Thing 0"
    shown = api("GET", f"/v1/checkout/sessions/{session['id']}", {"expand": ["line_items"]}).json
    assert (len(shown["line_items"]["data"]), shown["line_items"]["has_more"]) == (10, True)


def test_expanding_shows_what_is_behind_an_id(api: Api) -> None:
    session = api.create(**shipped())
    api.server.pay(session["id"])

    wishes = [
        "line_items.data.price.product",
        "payment_intent.latest_charge.payment_intent",
        "shipping_options.shipping_rate",
        "total_details.breakdown",
        "invoice",
    ]
    shown = api("GET", f"/v1/checkout/sessions/{session['id']}", {"expand": wishes}).json

    assert shown["line_items"]["data"][0]["price"]["product"]["name"] == "Candle"
    assert shown["payment_intent"]["latest_charge"]["payment_intent"]["id"] == shown["payment_intent"]["id"]
    assert [option["shipping_rate"]["display_name"] for option in shown["shipping_options"]] == ["Post", "Slow boat"]
    assert shown["total_details"]["breakdown"] == {"discounts": [], "taxes": []}


def test_sessions_are_listed_newest_first_and_filtered(server: SandboxServer) -> None:
    api = Api(server)
    ids = [api.create(customer_email=f"{name}@example.com")["id"] for name in "abc"]
    paid = server.pay(ids[0])

    def listed(**params: object) -> list[str]:
        return [session["id"] for session in api("GET", "/v1/checkout/sessions", params).json["data"]]

    assert listed() == ids[::-1]
    assert listed(status="complete") == [ids[0]]
    assert listed(payment_intent=paid["payment_intent"]) == [ids[0]]
    assert listed(customer_details={"email": "b@example.com"}) == [ids[1]]
    assert listed(limit=1) == [ids[2]]
    assert listed(starting_after=ids[2], limit=1) == [ids[1]]
    assert listed(ending_before=ids[0], limit=1) == [ids[1]]
    assert listed(created={"lt": paid["created"] - 60}) == []


def test_the_account_is_there_to_check_keys_by(api: Api) -> None:
    assert api("GET", "/v1/account").json["charges_enabled"] is True


def test_amounts_add_up_for_many_things(api: Api) -> None:
    session = api.create(line_items=[line(1999, 3), line(1, 7)])

    assert session["amount_total"] == 6004


def test_parameters_of_a_small_session_are_stripes_own() -> None:
    check_request("/v1/checkout/sessions", wanted())
