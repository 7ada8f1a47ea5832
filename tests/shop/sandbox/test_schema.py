"""The parameter tables and the expandable fields are Stripe's, none left out and none invented."""

from collections.abc import Iterator
from typing import Any

import pytest

from shop.stripe_sandbox import schema
from shop.stripe_sandbox.expand import EXPANDABLE
from shop.stripe_sandbox.rules import Choice, Fields, Many, Rule, Text
from tests.stripe_spec import object_schema, request_schema

TABLES = {
    ("/v1/checkout/sessions", "POST"): schema.CREATE_SESSION,
    ("/v1/checkout/sessions", "GET"): schema.LIST_SESSIONS,
    ("/v1/checkout/sessions/{session}", "GET"): schema.RETRIEVE,
    ("/v1/checkout/sessions/{session}/expire", "POST"): schema.RETRIEVE,
    ("/v1/checkout/sessions/{session}/line_items", "GET"): schema.LIST_LINE_ITEMS,
    ("/v1/payment_intents/{intent}", "GET"): schema.RETRIEVE_PAYMENT_INTENT,
    ("/v1/refunds", "POST"): schema.CREATE_REFUND,
    ("/v1/refunds", "GET"): schema.LIST_REFUNDS,
    ("/v1/refunds/{refund}", "GET"): schema.RETRIEVE,
    ("/v1/events", "GET"): schema.LIST_EVENTS,
    ("/v1/events/{id}", "GET"): schema.RETRIEVE,
    ("/v1/account", "GET"): schema.RETRIEVE,
}


def _pairs(rule: Rule, node: dict[str, Any], at: str) -> Iterator[tuple[str, Rule, dict[str, Any]]]:
    yield at, rule, node
    if isinstance(rule, Fields):
        for name, inner in rule.fields.items():
            yield from _pairs(inner, node["properties"][name], f"{at}.{name}")
    elif isinstance(rule, Many):
        yield from _pairs(rule.of, node["items"], f"{at}[]")


@pytest.mark.parametrize("place", TABLES, ids=" ".join)
def test_a_table_names_every_parameter_of_stripes_and_no_other(place: tuple[str, str]) -> None:
    node = request_schema(*place)

    for at, rule, there in _pairs(TABLES[place], node, ""):
        if isinstance(rule, Fields):
            assert {*rule.fields, *rule.elsewhere} == set(there["properties"]), at
            assert not set(rule.fields) & set(rule.elsewhere), at
            assert set(there.get("required", ())) <= {
                *rule.required,
                *(name for names in rule.exclusive for name in names),
            }, at
        elif isinstance(rule, Choice):
            assert set(rule.values) == set(there["enum"]), at
        elif type(rule) is Text:
            assert rule.longest <= there.get("maxLength", 5000), at


def _is_expandable(node: dict[str, Any], path: list[str]) -> bool:
    if len(path) == 1:
        return path[0] in node.get("x-expandableFields", ())
    inner = node["properties"][path[0]]
    inner = inner.get("items", inner)
    target = inner.get("$ref") or inner["anyOf"][0]["$ref"]
    return _is_expandable(object_schema(target.rpartition("/")[2]), path[1:])


@pytest.mark.parametrize(("kind", "path"), [(kind, path) for kind, paths in EXPANDABLE.items() for path in paths])
def test_what_can_be_expanded_here_can_be_expanded_at_stripe(kind: str, path: str) -> None:
    assert _is_expandable(object_schema(kind), path.split("."))
