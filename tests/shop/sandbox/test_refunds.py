"""Money back, in parts and whole, never more than was paid."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from shop.stripe_sandbox.server import SandboxServer
from tests.shop.sandbox.conftest import Api
from tests.stripe_spec import check_object, check_request


def paid(api: Api) -> str:
    intent: str = api.server.pay(api.create()["id"])["payment_intent"]
    return intent


def refund(api: Api, **params: Any) -> Any:
    check_request("/v1/refunds", params)
    return api("POST", "/v1/refunds", params).json


def test_a_refund_in_parts_ends_with_the_whole(server: SandboxServer) -> None:
    api = Api(server)
    intent = paid(api)

    first = refund(api, payment_intent=intent, amount=400, reason="requested_by_customer", metadata={"line": "1"})
    rest = refund(api, payment_intent=intent)

    assert (first["amount"], first["status"], first["metadata"]) == (400, "succeeded", {"line": "1"})
    assert rest["amount"] == 2000
    charge = api("GET", f"/v1/payment_intents/{intent}", {"expand": ["latest_charge"]}).json["latest_charge"]
    assert (charge["amount_refunded"], charge["refunded"]) == (2400, True)
    assert [one["id"] for one in api("GET", "/v1/refunds", {"payment_intent": intent}).json["data"]] == [
        rest["id"],
        first["id"],
    ]
    assert api("GET", f"/v1/refunds/{first['id']}", {"expand": ["charge"]}).json["charge"]["id"] == charge["id"]


def test_a_refund_tells_the_shop(server: SandboxServer) -> None:
    api = Api(server)
    intent = paid(api)

    server.refund(intent, 400)

    created, refunded = server.events()[-2:]
    assert (created["type"], refunded["type"]) == ("refund.created", "charge.refunded")
    assert refunded["data"]["previous_attributes"] == {"amount_refunded": 0, "refunded": False}
    for event in (created, refunded):
        check_object(event, "event")


@pytest.mark.parametrize(
    ("amount", "code"), [(2401, None), (0, "parameter_invalid_integer"), (-5, "parameter_invalid_integer")]
)
def test_a_wrong_amount_is_refused(api: Api, amount: int, code: str | None) -> None:
    reply = api("POST", "/v1/refunds", {"payment_intent": paid(api), "amount": amount})

    assert (reply.status, reply.error.get("code"), reply.error["param"]) == (400, code, "amount")


def test_what_was_given_back_cannot_be_given_back_again(api: Api) -> None:
    intent = paid(api)
    refund(api, payment_intent=intent)

    again = api("POST", "/v1/refunds", {"payment_intent": intent})

    assert (again.status, again.error["code"]) == (400, "charge_already_refunded")


def test_what_was_not_paid_cannot_be_given_back(server: SandboxServer) -> None:
    api = Api(server)
    intent = server.delay(api.create()["id"])["payment_intent"]

    assert api("POST", "/v1/refunds", {"payment_intent": intent}).error["code"] == "payment_intent_unexpected_state"


def test_a_refund_of_nothing_known_is_refused(api: Api) -> None:
    assert api("POST", "/v1/refunds", {"amount": 1}).error["code"] == "parameter_missing"
    assert api("POST", "/v1/refunds", {"payment_intent": "pi_none"}).error["code"] == "resource_missing"
    assert api("POST", "/v1/refunds", {"charge": "ch_none"}).error["code"] == "resource_missing"
    assert api("GET", "/v1/refunds/re_none").status == 404


def test_sixteen_refunds_at_once_give_back_no_more_than_was_paid(server: SandboxServer) -> None:
    api = Api(server)
    intent = paid(api)

    with ThreadPoolExecutor(16) as pool:
        statuses = list(
            pool.map(lambda _: api("POST", "/v1/refunds", {"payment_intent": intent, "amount": 1000}).status, range(16))
        )

    assert sorted(statuses) == [200] * 2 + [400] * 14
