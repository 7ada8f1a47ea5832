"""The WSGI application: barriers first, then Stripe's API under /v1/, then the hosted page."""

import base64
import binascii
import hashlib
import hmac
import json
import logging
import re
import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import unquote

from . import API_VERSION, barriers, errors, events, objects, refunds, schema, sessions
from .errors import StripeError
from .expand import expand, line_items
from .form import decode
from .page import Page
from .rules import Fields
from .store import Answer, Json, Record, Store
from .webhooks import Courier

logger = logging.getLogger(__name__)

LARGEST_BODY = 1_000_000
REASONS = {
    200: "OK",
    303: "See Other",
    400: "Bad Request",
    401: "Unauthorized",
    402: "Payment Required",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    413: "Content Too Large",
    422: "Unprocessable Content",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
}


class StartResponse(Protocol):
    def __call__(self, status: str, headers: list[tuple[str, str]], /) -> object: ...


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request to the API, its parameters read and found right."""

    params: dict[str, Any]
    id: str
    idempotency_key: str | None
    parts: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Route:
    method: str
    path: re.Pattern[str]
    takes: Fields
    answer: Callable[["Application", Call], Json]
    check: Callable[[dict[str, Any]], None] = lambda params: None


@dataclass(kw_only=True)
class Faults:
    """What goes wrong with the next requests to the API; for tests of the shop's patience."""

    failures: deque[tuple[int, bool]] = field(default_factory=deque)
    hangs: deque[float] = field(default_factory=deque)
    stopped: threading.Event = field(default_factory=threading.Event)

    def hang(self) -> bool:
        """Wait as told; return whether the server was stopped meanwhile."""
        return bool(self.hangs) and self.stopped.wait(self.hangs.popleft())

    def failure(self) -> tuple[int, bool] | None:
        return self.failures.popleft() if self.failures else None


class Application:
    """A WSGI callable that is Stripe, for the one account whose key is `secret_key`."""

    def __init__(self, store: Store, *, secret_key: str, courier: Courier, base_url: str) -> None:
        barriers.require_own_key(secret_key)
        self.store = store
        self.secret_key = secret_key
        self.courier = courier
        self.base_url = base_url
        self.faults = Faults()
        self.page = Page(store, courier)

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        status, headers, body = self._answer(environ)
        start_response(f"{status} {REASONS.get(status, 'Status')}", [*headers, ("Content-Length", str(len(body)))])
        return [body]

    def _answer(self, environ: dict[str, Any]) -> tuple[int, list[tuple[str, str]], bytes]:
        refusal = barriers.refusal(environ)
        if refusal is not None:
            return 403, [("Content-Type", "text/plain; charset=utf-8")], f"{refusal}\n".encode()
        body = _body(environ)
        if body is None:
            return (
                413,
                [("Content-Type", "text/plain; charset=utf-8")],
                b"The request is too large, or says no length.\n",
            )
        if str(environ.get("PATH_INFO", "")).startswith("/v1/"):
            return self._answer_call(environ, body)
        return self.page.answer(environ, body)

    # The API

    def _answer_call(self, environ: dict[str, Any], body: str) -> tuple[int, list[tuple[str, str]], bytes]:
        request_id = objects.new_id("req", 14)
        failure = (503, False) if self.faults.hang() else self.faults.failure()
        headers: list[tuple[str, str]] = []
        if failure is not None and not failure[1]:
            status, answer = failure[0], _outage(failure[0])
        else:
            status, answer, headers = self._carry_out(environ, body, request_id)
            if failure is not None:
                status, answer = failure[0], _outage(failure[0])
        common = [
            ("Content-Type", "application/json"),
            ("Request-Id", request_id),
            ("Stripe-Version", API_VERSION),
            ("Cache-Control", "no-store"),
        ]
        return status, common + headers, answer.encode()

    def _carry_out(self, environ: dict[str, Any], body: str, request_id: str) -> tuple[int, str, list[tuple[str, str]]]:
        try:
            self._authenticate(str(environ.get("HTTP_AUTHORIZATION", "")))
            method, path = str(environ["REQUEST_METHOD"]), unquote(str(environ["PATH_INFO"]))
            raw = str(environ.get("QUERY_STRING", "")) if method == "GET" else body
            key = environ.get("HTTP_IDEMPOTENCY_KEY") if method == "POST" else None
            if key is None:
                return 200, self._run(method, path, raw, request_id, None), []
            return self._once(method, path, raw, request_id, str(key))
        except StripeError as error:
            return error.status, json.dumps(error.body, indent=2), []

    def _authenticate(self, header: str) -> None:
        scheme, _, given = header.partition(" ")
        if scheme.lower() == "basic":
            given = _basic_user(given)
        elif scheme.lower() != "bearer":
            given = ""
        if not given:
            raise StripeError(
                "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth "
                "(e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
                status=401,
            )
        if not hmac.compare_digest(given.encode(), self.secret_key.encode()):
            raise StripeError(f"Invalid API Key provided: {given[:8]}{'*' * 8}{given[-4:]}", status=401)

    def _once(
        self, method: str, path: str, raw: str, request_id: str, key: str
    ) -> tuple[int, str, list[tuple[str, str]]]:
        """Answer a request with an idempotency key: the second time with the first answer.

        A request that is refused is not kept, since nothing was done.
        https://docs.stripe.com/api/idempotent_requests
        """
        if len(key) > 255:
            raise StripeError("Idempotency keys can have up to 255 characters.", type="idempotency_error")
        fingerprint = hashlib.sha256(f"{method} {path}\n{json.dumps(decode(raw), sort_keys=True)}".encode()).hexdigest()
        with self.store.transaction():
            kept = self.store.answer(key)
            if kept is None:
                answer = self._run(method, path, raw, request_id, key)
                self.store.keep_answer(
                    key, Answer(fingerprint=fingerprint, status=200, body=answer, request_id=request_id)
                )
                return 200, answer, [("Idempotency-Key", key)]
        if kept.fingerprint != fingerprint:
            raise StripeError(
                "Keys for idempotent requests can only be used with the same parameters they were first used with. "
                f"Try using a key other than '{key}' if you meant to execute a different request.",
                type="idempotency_error",
            )
        return (
            kept.status,
            kept.body,
            [("Idempotency-Key", key), ("Idempotent-Replayed", "true"), ("Original-Request", kept.request_id)],
        )

    def _run(self, method: str, path: str, raw: str, request_id: str, key: str | None) -> str:
        for route in ROUTES:
            match = route.path.fullmatch(path)
            if match and route.method == method:
                params = route.takes.read(decode(raw), "")
                route.check(params)
                call = Call(params=params, id=request_id, idempotency_key=key, parts=match.groups())
                with self.store.transaction():
                    answer = expand(self.store, route.answer(self, call), params.get("expand", []))
                return json.dumps(answer, indent=2)
        raise errors.unrecognized(method, path)

    def create_session(self, call: Call) -> Json:
        return sessions.create(self.store, call.params, base_url=self.base_url).body

    def list_sessions(self, call: Call) -> Json:
        sessions.expire_due(self.store)
        found = [
            record
            for record in self.store.newest_first("checkout.session")
            if _session_matches(record.body, call.params)
        ]
        return _page_of(found, call.params, "/v1/checkout/sessions", "session")

    def retrieve_session(self, call: Call) -> Json:
        return sessions.find(self.store, call.parts[0]).body

    def expire_session(self, call: Call) -> Json:
        record, _ = sessions.expire(self.store, call.parts[0], request_id=call.id, idempotency_key=call.idempotency_key)
        return record.body

    def list_line_items(self, call: Call) -> Json:
        session = sessions.find(self.store, call.parts[0])
        items = [Record(body=item) for item in session.extra["line_items"]]
        return _page_of(items, call.params, line_items(self.store, session.id)["url"], "line item")

    def retrieve_payment_intent(self, call: Call) -> Json:
        return self._retrieve("payment_intent", call.parts[0], "intent")

    def create_refund(self, call: Call) -> Json:
        refund, _ = refunds.create(self.store, call.params, request_id=call.id, idempotency_key=call.idempotency_key)
        return refund.body

    def list_refunds(self, call: Call) -> Json:
        found = [
            refund
            for refund in self.store.newest_first("refund")
            if all(
                refund.body[name] == call.params[name] for name in ("charge", "payment_intent") if name in call.params
            )
            and _is_between(refund.body["created"], call.params.get("created", {}))
        ]
        return _page_of(found, call.params, "/v1/refunds", "refund")

    def retrieve_refund(self, call: Call) -> Json:
        return self._retrieve("refund", call.parts[0], "refund")

    def list_events(self, call: Call) -> Json:
        found = [
            Record(body=events.view(self.store, event))
            for event in self.store.newest_first("event")
            if _is_between(event.body["created"], call.params.get("created", {}))
            and events.matches(self.store, event, call.params)
        ]
        return _page_of(found, call.params, "/v1/events", "event")

    def retrieve_event(self, call: Call) -> Json:
        event = self.store.get("event", call.parts[0])
        if event is None:
            raise errors.no_such("event", call.parts[0], "id")
        return events.view(self.store, event)

    def retrieve_account(self, call: Call) -> Json:
        return objects.account()

    def _retrieve(self, kind: str, id: str, param: str) -> Json:
        record = self.store.get(kind, id)
        if record is None:
            raise errors.no_such(kind, id, param)
        return record.body


def _route(method: str, path: str, takes: Fields, answer: Callable[[Application, Call], Json], **more: Any) -> Route:
    pattern = re.compile(re.escape(path).replace(r"\{id\}", "([^/]+)"))
    return Route(method=method, path=pattern, takes=takes, answer=answer, **more)


ROUTES = (
    _route("POST", "/v1/checkout/sessions", schema.CREATE_SESSION, Application.create_session, check=sessions.check),
    _route("GET", "/v1/checkout/sessions", schema.LIST_SESSIONS, Application.list_sessions),
    _route("GET", "/v1/checkout/sessions/{id}", schema.RETRIEVE, Application.retrieve_session),
    _route("POST", "/v1/checkout/sessions/{id}/expire", schema.RETRIEVE, Application.expire_session),
    _route("GET", "/v1/checkout/sessions/{id}/line_items", schema.LIST_LINE_ITEMS, Application.list_line_items),
    _route("GET", "/v1/payment_intents/{id}", schema.RETRIEVE_PAYMENT_INTENT, Application.retrieve_payment_intent),
    _route("POST", "/v1/refunds", schema.CREATE_REFUND, Application.create_refund, check=refunds.check),
    _route("GET", "/v1/refunds", schema.LIST_REFUNDS, Application.list_refunds),
    _route("GET", "/v1/refunds/{id}", schema.RETRIEVE, Application.retrieve_refund),
    _route("GET", "/v1/events", schema.LIST_EVENTS, Application.list_events),
    _route("GET", "/v1/events/{id}", schema.RETRIEVE, Application.retrieve_event),
    _route("GET", "/v1/account", schema.RETRIEVE, Application.retrieve_account),
)


def _body(environ: dict[str, Any]) -> str | None:
    """Return the request's body as text, None when it is too large or its length is no number."""
    length = environ.get("CONTENT_LENGTH") or "0"
    if not str(length).isdecimal() or int(length) > LARGEST_BODY:
        return None
    data: bytes = environ["wsgi.input"].read(int(length)) if int(length) else b""
    return data.decode("utf-8", "surrogateescape")


def _basic_user(encoded: str) -> str:
    try:
        return base64.b64decode(encoded, validate=True).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _outage(status: int) -> str:
    if status == 429:
        return json.dumps(StripeError("Too many requests hit the API too quickly.", code="rate_limit").body)
    return json.dumps(
        StripeError("An unknown error occurred (the local Stripe was told to fail).", type="api_error").body
    )


def _is_between(moment: int, bounds: dict[str, int]) -> bool:
    return (
        moment > bounds.get("gt", moment - 1)
        and moment >= bounds.get("gte", moment)
        and moment < bounds.get("lt", moment + 1)
        and moment <= bounds.get("lte", moment)
    )


def _session_matches(session: Json, params: dict[str, Any]) -> bool:
    wanted_email = params.get("customer_details", {}).get("email")
    return (
        all(session[name] == params[name] for name in ("customer", "payment_intent", "status") if name in params)
        and (wanted_email is None or (session["customer_details"] or {}).get("email") == wanted_email)
        and _is_between(session["created"], params.get("created", {}))
    )


def _page_of(found: list[Record], params: dict[str, Any], url: str, noun: str) -> Json:
    """Return the page of `found`, in Stripe's order, that limit and cursor ask for.

    https://docs.stripe.com/pagination
    """
    limit = params.get("limit", 10)
    ids = [record.id for record in found]
    for name in ("starting_after", "ending_before"):
        if name in params and params[name] not in ids:
            raise errors.no_such(noun, params[name], name, status=400)
    if "ending_before" in params:
        before = found[: ids.index(params["ending_before"])]
        shown, rest = before[-limit:], len(before) > limit
    else:
        start = ids.index(params["starting_after"]) + 1 if "starting_after" in params else 0
        shown, rest = found[start : start + limit], len(found) > start + limit
    return objects.list_of([record.body for record in shown], url, has_more=rest)
