"""Hold requests and objects against Stripe's own description of its API; README.md says where that comes from."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match

Node: TypeAlias = dict[str, Any]

HERE = Path(__file__).parent
FORM = "application/x-www-form-urlencoded"
NOT_JSON_SCHEMA = ("nullable", "description", "format", "title")


def check_object(shown: Any, kind: str) -> None:
    """Raise AssertionError unless `shown` is a `kind` such as "checkout.session"; an event's own object is looked at too.

    `kind` "list" takes a list of whatever its members say they are; "error" takes an error's body.
    """
    if kind == "list":
        assert set(shown) == {"object", "data", "has_more", "url"}, sorted(shown)
        for one in shown["data"]:
            check_object(one, one["object"])
        return
    _check(shown, {"$ref": f"#/components/schemas/{kind}"}, kind)
    if kind == "event":
        check_object(shown["data"]["object"], shown["data"]["object"]["object"])


def check_request(path: str, params: Node, method: str = "POST") -> None:
    """Raise AssertionError unless Stripe takes `params` (typed as the SDK takes them) at `path`, such as "/v1/refunds"."""
    _check(params, _strict(request_schema(path, method)), f"{method} {path}")


def request_schema(path: str, method: str = "POST") -> Node:
    """Return what Stripe takes at `path`, as its description (with the overlay) has it."""
    operation: Node = _description()["paths"][path][method.lower()]
    if method == "POST":
        body: Node = operation["requestBody"]["content"][FORM]["schema"]
        return body
    named = [parameter for parameter in operation["parameters"] if parameter["in"] == "query"]
    return {"type": "object", "properties": {one["name"]: one["schema"] for one in named}}


def object_schema(kind: str) -> Node:
    """Return the shape of `kind`, as Stripe's description (with the overlay) has it."""
    schema: Node = _description()["components"]["schemas"][kind]
    return schema


def _check(value: Any, schema: Node, what: str) -> None:
    problems = list(Draft202012Validator({**schema, "components": _components()}).iter_errors(value))
    assert not problems, f"{what}: " + "; ".join(_worded(problem) for problem in problems)


def _worded(problem: ValidationError) -> str:
    deepest = best_match(problem.context) if problem.context else problem
    return f"{deepest.json_path}: {deepest.message}"[:500] if deepest else str(problem.message)


@cache
def _components() -> Node:
    return {"schemas": {kind: _strict(schema) for kind, schema in _description()["components"]["schemas"].items()}}


def _strict(node: Any) -> Any:
    """Return OpenAPI's `node` as JSON Schema that takes no field it does not name."""
    if isinstance(node, list):
        return [_strict(one) for one in node]
    if not isinstance(node, dict):
        return node
    strict = {
        name: {key: _strict(one) for key, one in inner.items()} if name == "properties" else _strict(inner)
        for name, inner in node.items()
        if name not in NOT_JSON_SCHEMA and not name.startswith("x-")
    }
    if "x-stripeBypassValidation" in node and node.get("enum") == [""]:
        del strict["enum"]  # the hints said: this word, or any other
    if "properties" in strict:
        strict.setdefault("additionalProperties", False)
    return {"anyOf": [strict, {"type": "null"}]} if node.get("nullable") else strict


@cache
def _description() -> Node:
    description: Node = json.loads((HERE / "spec3.json").read_text())
    for change in json.loads((HERE / "overlay.json").read_text())["ops"]:
        _apply(description, change)
    return description


def _apply(description: Node, change: Node) -> None:
    path = change["path"].split(".")
    here = _start(description, change["where"])
    for name in path[:-1]:
        here = _child(description, here, name)
    if change["op"] == "enum":
        here = _child(description, here, path[-1])
        here["enum"] = sorted({*here["enum"], *change["values"]})
    elif change["op"] == "add":
        _with_properties(description, here)["properties"][path[-1]] = change["schema"]
    else:
        del here["properties"][path[-1]]


def _start(description: Node, where: str) -> Node:
    what, _, rest = where.partition(" ")
    if what == "schema":
        schema: Node = description["components"]["schemas"][rest]
        return schema
    method, _, path = rest.partition(" ")
    operation = description["paths"][path][method.lower()]
    if method == "GET":
        return {"properties": _Parameters(operation["parameters"])}
    body: Node = operation["requestBody"]["content"][FORM]["schema"]
    return body


class _Parameters(dict[str, Any]):
    """A GET's query parameters, so that adding one looks like adding a property."""

    def __init__(self, parameters: list[Node]) -> None:
        super().__init__({one["name"]: one["schema"] for one in parameters})
        self.parameters = parameters

    def __setitem__(self, name: str, schema: Node) -> None:
        self.parameters.append({"in": "query", "name": name, "schema": schema})
        super().__setitem__(name, schema)


def _child(description: Node, node: Node, name: str) -> Node:
    plain = name.removesuffix("[]")
    child: Node = _with_properties(description, node)["properties"][plain]
    if name != plain:
        child = next(one["items"] for one in _branches(description, child) if "items" in one)
    return next((one for one in _branches(description, child) if "properties" in one or "enum" in one), child)


def _with_properties(description: Node, node: Node) -> Node:
    return next(one for one in _branches(description, node) if "properties" in one)


def _branches(description: Node, node: Node) -> Iterator[Node]:
    """Yield the node itself, what it refers to, and each of its alternatives."""
    yield node
    if "$ref" in node:
        yield from _branches(description, description["components"]["schemas"][node["$ref"].rpartition("/")[2]])
    for one in node.get("anyOf", ()):
        if one.get("enum") != [""]:
            yield from _branches(description, one)
