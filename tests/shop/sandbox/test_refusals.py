"""What Stripe refuses is refused here, with the same type, code and parameter."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from shop.stripe_sandbox import schema
from shop.stripe_sandbox.rules import Fields, Many, Rule
from shop.stripe_sandbox.server import SandboxServer
from tests.shop.sandbox.conftest import KEY, RATE, Api, line, request, shipped, wanted

CREATE = "/v1/checkout/sessions"


def refused(api: Api, params: dict[str, Any]) -> dict[str, Any]:
    reply = api("POST", CREATE, params)
    assert reply.status == 400, reply.text
    assert reply.error["type"] == "invalid_request_error"
    error: dict[str, Any] = reply.error
    return error


def rate(**more: Any) -> list[dict[str, Any]]:
    return [{"shipping_rate_data": {**RATE, **more}}]


def item(**more: Any) -> list[dict[str, Any]]:
    """Return line_items whose price_data has `more`."""
    return [{"quantity": 1, "price_data": {**line()["price_data"], **more}}]


CASES: dict[str, tuple[dict[str, Any], str | None, str | None, str]] = {
    "unknown": (wanted(colour="red"), "parameter_unknown", "colour", "Received unknown parameter: colour"),
    "missing mode": (wanted(mode=None), "parameter_missing", "mode", "Missing required param: mode."),
    "missing lines": (wanted(line_items=None), "parameter_missing", "line_items", "Missing required param"),
    "missing return": (wanted(success_url=None), "parameter_missing", "success_url", "Missing required param"),
    "missing name": (
        wanted(line_items=item(product_data={"description": "x"})),
        "parameter_missing",
        "line_items[0][price_data][product_data][name]",
        "Missing",
    ),
    "missing amount": (
        wanted(line_items=[{"quantity": 1, "price_data": {"currency": "eur", "product_data": {"name": "x"}}}]),
        "parameter_missing",
        "line_items[0][price_data][unit_amount]",
        "Missing",
    ),
    "bad integer": (
        wanted(line_items=item(unit_amount="12.5")),
        "parameter_invalid_integer",
        "line_items[0][price_data][unit_amount]",
        "Invalid integer: 12.5",
    ),
    "negative": (
        wanted(line_items=item(unit_amount=-1)),
        "parameter_invalid_integer",
        "line_items[0][price_data][unit_amount]",
        "Invalid non-negative integer",
    ),
    "huge": (
        wanted(line_items=item(unit_amount=10**17)),
        "parameter_invalid_integer",
        "line_items[0][price_data][unit_amount]",
        "less than or equal",
    ),
    "huge in sum": (
        wanted(line_items=[line(amount=99_999_999, quantity=2)]),
        "amount_too_large",
        "line_items",
        "more than Stripe",
    ),
    "no quantity": (
        wanted(line_items=[line(quantity=0)]),
        "parameter_invalid_integer",
        "line_items[0][quantity]",
        "greater than or equal to 1",
    ),
    "bad boolean": (
        wanted(automatic_tax={"enabled": "maybe"}),
        None,
        "automatic_tax[enabled]",
        "Invalid boolean: maybe",
    ),
    "bad enum": (wanted(mode="gift"), None, "mode", "Invalid mode: must be one of payment, setup, or subscription"),
    "old ui mode": (wanted(ui_mode="hosted"), None, "ui_mode", "Invalid ui_mode: must be one of"),
    "removed parameter": (
        wanted(payment_method_types=["card"]),
        "parameter_unknown",
        "payment_method_types",
        "Received unknown parameter: payment_method_types",
    ),
    "empty": (
        wanted(customer_email=""),
        "parameter_invalid_empty",
        "customer_email",
        "You passed an empty string for 'customer_email'",
    ),
    "empty list": (wanted(line_items=""), "parameter_invalid_empty", "line_items", "You passed an empty string"),
    "bad e-mail": (
        wanted(customer_email="ada at home"),
        "email_invalid",
        "customer_email",
        "Invalid email address: ada at home",
    ),
    "relative address": (wanted(success_url="/return/"), "url_invalid", "success_url", "An explicit scheme"),
    "odd scheme": (wanted(cancel_url="javascript:alert(1)"), "url_invalid", "cancel_url", "Not a valid URL"),
    "split header": (
        wanted(success_url="http://localhost/\r\nSet-Cookie: a=b"),
        "url_invalid",
        "success_url",
        "Not a valid URL",
    ),
    "mixed currencies": (
        wanted(line_items=[line(), line(currency="usd")]),
        None,
        "line_items[1][price_data][currency]",
        "one currency",
    ),
    "mixed shipping": (
        shipped(shipping_options=rate(fixed_amount={"amount": 1, "currency": "usd"})),
        None,
        "shipping_options[0][shipping_rate_data][fixed_amount][currency]",
        "one currency",
    ),
    "no currency": (
        wanted(line_items=item(currency="xyz")),
        None,
        "line_items[0][price_data][currency]",
        "Invalid currency: xyz",
    ),
    "price twice": (
        wanted(line_items=[{**line(), "price": "price_1"}]),
        "parameters_exclusive",
        "line_items[0]",
        "You may only specify one of these parameters",
    ),
    "soon over": (wanted(expires_at=int(time.time()) + 60), None, "expires_at", "at least 30 minutes"),
    "late over": (wanted(expires_at=int(time.time()) + 3 * 86400), None, "expires_at", "less than 24 hours"),
    "long reference": (
        wanted(client_reference_id="x" * 201),
        None,
        "client_reference_id",
        "must be at most 200 characters",
    ),
    "six ways": (wanted(shipping_options=rate() * 6), None, "shipping_options", "exceeded maximum 5"),
    "many keys": (wanted(metadata={f"k{n}": "v" for n in range(51)}), None, "metadata", "up to 50 keys"),
    "long key": (wanted(metadata={"k" * 41: "v"}), None, f"metadata[{'k' * 41}]", "up to 40 characters"),
    "long value": (wanted(metadata={"k": "v" * 501}), None, "metadata[k]", "up to 500 characters"),
    "two discounts": (
        wanted(allow_promotion_codes=True, discounts=[{"coupon": "x"}]),
        "parameters_exclusive",
        "allow_promotion_codes",
        "You may only specify one",
    ),
    "no coupon": (
        wanted(discounts=[{"coupon": "SPRING"}]),
        "resource_missing",
        "discounts[0][coupon]",
        "No such coupon: 'SPRING'",
    ),
    "not expandable": (
        wanted(expand=["amount_total"]),
        None,
        "expand[0]",
        "This property cannot be expanded (amount_total)",
    ),
    "too deep": (wanted(expand=["a.b.c.d.e"]), None, "expand[0]", "more than 4 levels"),
    "odd country": (
        wanted(shipping_address_collection={"allowed_countries": ["XX"]}),
        None,
        "shipping_address_collection[allowed_countries][0]",
        "must be one of",
    ),
    "text for object": (wanted(automatic_tax="yes"), None, "automatic_tax", "Invalid object"),
    "text for list": (wanted(line_items="yes"), None, "line_items", "Invalid array"),
    "object for text": (wanted(customer_email={"a": "b"}), None, "customer_email", "Invalid string"),
    "not simulated": (
        wanted(automatic_tax={"enabled": True}),
        None,
        "automatic_tax[enabled]=true",
        "is not simulated here",
    ),
    "real, not here": (wanted(tax_id_collection={"enabled": True}), None, "tax_id_collection", "is not simulated here"),
}


@pytest.mark.parametrize("case", CASES)
def test_wrong_parameters_are_refused(api: Api, case: str) -> None:
    params, code, param, message = CASES[case]

    error = refused(api, params)

    assert (error.get("code"), error.get("param")) == (code, param)
    assert message in error["message"]


def _places(rule: Rule, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if isinstance(rule, Fields):
        yield at
        for name, inner in rule.fields.items():
            yield from _places(inner, (*at, name))
    elif isinstance(rule, Many):
        yield from _places(rule.of, (*at, 0))


def _with_invention(at: tuple[str | int, ...]) -> tuple[dict[str, Any], str]:
    invented: Any = {"invented": "1"}
    for step in reversed(at):
        invented = {str(step): invented}
    name = "".join(f"[{step}]" for step in (*at, "invented"))[1:].replace("]", "", 1)
    return invented, name


@pytest.mark.parametrize("at", _places(schema.CREATE_SESSION), ids=str)
def test_an_invented_parameter_is_refused_at_any_depth(api: Api, at: tuple[str | int, ...]) -> None:
    params, name = _with_invention(at)

    error = refused(api, params)

    assert (error["code"], error["param"]) == ("parameter_unknown", name)


def test_several_inventions_are_named_together(api: Api) -> None:
    error = refused(api, wanted(colour="red", size="L"))

    assert error["message"] == "Received unknown parameters: colour, size"


@pytest.mark.parametrize(
    "body",
    ["line_items[0=1", "[x]=1", "a[b][c][d][e][f][g][h][i][j][k]=1", "mode=a&mode[b]=1", "mode[b]=1&mode=a", "%ff=1"],
)
def test_a_body_that_is_no_form_is_a_400(api: Api, body: str) -> None:
    reply = request(f"{api.server.url}{CREATE}", "POST", body, Authorization=f"Bearer {KEY}")

    assert (reply.status, reply.error["type"]) == (400, "invalid_request_error")


def test_an_empty_value_leaves_a_metadata_key_out(api: Api) -> None:
    assert api.create(metadata={"a": "", "b": "1"})["metadata"] == {"b": "1"}


@pytest.mark.parametrize(
    "header", ["", "Bearer ", "Bearer sk_test_sandbox_ffffffffffffffff", "Bearer sk_live_1", "Basic !", "Token x"]
)
def test_without_the_key_nothing_is_answered(api: Api, header: str) -> None:
    reply = api("POST", CREATE, wanted(), Authorization=header)

    assert (reply.status, reply.error["type"]) == (401, "invalid_request_error")
    assert KEY not in reply.text


@pytest.mark.parametrize(
    ("path", "param"),
    [
        ("/v1/checkout/sessions/cs_test_none", "session"),
        ("/v1/checkout/sessions/cs_test_none/line_items", "session"),
        ("/v1/payment_intents/pi_none", "intent"),
        ("/v1/events/evt_none", "id"),
    ],
)
def test_an_unknown_id_is_a_404(api: Api, path: str, param: str) -> None:
    reply = api("GET", path)

    assert (reply.status, reply.error["code"], reply.error["param"]) == (404, "resource_missing", param)


def test_an_id_of_another_kind_is_unknown(api: Api) -> None:
    session = api.create()

    assert api("GET", f"/v1/payment_intents/{session['id']}").status == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/v1/invented"), ("POST", "/v1/coupons"), ("GET", "/v1/promotion_codes"), ("DELETE", "/v1/events")],
)
def test_what_is_not_simulated_is_unrecognized(api: Api, method: str, path: str) -> None:
    reply = api(method, path)

    assert (reply.status, reply.error["type"]) == (404, "invalid_request_error")
    assert f"Unrecognized request URL ({method}: {path})" in reply.error["message"]


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({"limit": 0}, "limit"),
        ({"limit": 101}, "limit"),
        ({"starting_after": "cs_test_none"}, "starting_after"),
        ({"starting_after": "a", "ending_before": "b"}, "starting_after"),
        ({"invented": 1}, "invented"),
        ({"expand": ["data.amount_total"]}, "expand[0]"),
        ({"status": "paid"}, "status"),
    ],
)
def test_a_wrong_list_request_is_refused(api: Api, params: dict[str, Any], param: str) -> None:
    api.create()

    reply = api("GET", CREATE, params)

    assert (reply.status, reply.error["param"]) == (400, param)


def test_every_answer_names_its_request(api: Api) -> None:
    replies = [api("POST", CREATE, wanted()), api("POST", CREATE, {}), api("GET", "/v1/none")]

    ids = [reply.headers["Request-Id"] for reply in replies]
    assert len(set(ids)) == 3
    assert all(id.startswith("req_") for id in ids)


def test_a_body_without_end_is_not_read(server: SandboxServer) -> None:
    reply = request(f"{server.url}{CREATE}", "POST", "", Authorization=f"Bearer {KEY}", Content_Length="1000001")

    assert reply.status == 413
