"""A local Stripe, a plain client that holds every answer against Stripe's description, and an endpoint that listens."""

import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
import stripe

from shop.stripe_sandbox.server import SandboxServer
from tests.stripe_spec import check_object

KEY = "sk_test_sandbox_0123456789abcdef"
SECRETS = ("whsec_new", "whsec_old")
RATE = {
    "display_name": "Post",
    "type": "fixed_amount",
    "fixed_amount": {"amount": 490, "currency": "eur"},
    "delivery_estimate": {
        "minimum": {"unit": "business_day", "value": 2},
        "maximum": {"unit": "business_day", "value": 4},
    },
}


def line(amount: int = 2400, quantity: int = 1, name: str = "Candle", currency: str = "eur") -> dict[str, Any]:
    return {
        "quantity": quantity,
        "price_data": {"currency": currency, "unit_amount": amount, "product_data": {"name": name}},
    }


def wanted(**more: Any) -> dict[str, Any]:
    """Return the parameters of a small session; `more` adds, replaces, or (with None) takes away."""
    params = {
        "mode": "payment",
        "success_url": "http://localhost:8000/return/?session_id={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://localhost:8000/cart/",
        "line_items": [line()],
        **more,
    }
    return {name: value for name, value in params.items() if value is not None}


def shipped(**more: Any) -> dict[str, Any]:
    slow = {**RATE, "display_name": "Slow boat", "fixed_amount": {"amount": 150, "currency": "eur"}}
    ships = {
        "shipping_address_collection": {"allowed_countries": ["DE", "AT"]},
        "shipping_options": [{"shipping_rate_data": RATE}, {"shipping_rate_data": slow}],
    }
    return wanted(**{**ships, **more})


def flat(value: Any, name: str = "") -> list[tuple[str, str]]:
    """Return nested parameters as Stripe's form encoding writes them."""
    if isinstance(value, dict):
        return [pair for key, inner in value.items() for pair in flat(inner, f"{name}[{key}]" if name else str(key))]
    if isinstance(value, list):
        return [pair for i, inner in enumerate(value) for pair in flat(inner, f"{name}[{i}]")]
    return [(name, str(value).lower() if isinstance(value, bool) else str(value))]


@dataclass(frozen=True, kw_only=True)
class Reply:
    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def error(self) -> Any:
        return self.json["error"]


def request(url: str, method: str = "GET", body: str | None = None, **headers: str) -> Reply:
    """Send one request as it is, following nothing."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=15)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, parts.path + (f"?{parts.query}" if parts.query else ""), body, named)
        response = connection.getresponse()
        return Reply(status=response.status, headers=dict(response.getheaders()), text=response.read().decode())
    finally:
        connection.close()


@dataclass(frozen=True)
class Api:
    """Speaks to the API and checks that whatever comes back has a shape Stripe knows."""

    server: SandboxServer

    def __call__(self, method: str, path: str, params: dict[str, Any] | None = None, **headers: str) -> Reply:
        encoded = urlencode(flat(params or {}))
        target = f"{self.server.url}{path}" + (f"?{encoded}" if method == "GET" and encoded else "")
        sent = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/x-www-form-urlencoded", **headers}
        reply = request(target, method, encoded if method == "POST" else None, **sent)
        check_object(reply.json, "error" if reply.status >= 400 else reply.json["object"])
        return reply

    def create(self, **more: Any) -> dict[str, Any]:
        reply = self("POST", "/v1/checkout/sessions", wanted(**more))
        assert reply.status == 200, reply.text
        session: dict[str, Any] = reply.json
        return session

    def session(self, id: str) -> dict[str, Any]:
        session: dict[str, Any] = self("GET", f"/v1/checkout/sessions/{id}").json
        return session


@pytest.fixture(autouse=True)
def _site_roots_are_of_this_test() -> None:
    """Leave the site's cache alone: nothing here has a database."""


@pytest.fixture(scope="session")
def shared() -> Iterator[SandboxServer]:
    """One local Stripe for the tests that only look at their own session."""
    with SandboxServer(secret_key=KEY, webhook_secrets=SECRETS, webhook_url=None) as server:
        yield server


@pytest.fixture
def server() -> Iterator[SandboxServer]:
    with SandboxServer(secret_key=KEY, webhook_secrets=SECRETS, webhook_url=None) as server:
        yield server


@pytest.fixture
def api(shared: SandboxServer) -> Api:
    return Api(shared)


@pytest.fixture
def sdk() -> Callable[[SandboxServer], stripe.StripeClient]:
    stripe.enable_telemetry = False
    return lambda server: stripe.StripeClient(KEY, base_addresses={"api": server.url}, max_network_retries=0)


@dataclass
class Endpoint:
    """A shop's webhook endpoint that writes down what it gets and answers what it is told."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    signatures: list[str] = field(default_factory=list)
    slowness: float = 0

    @property
    def types(self) -> list[str]:
        return [json.loads(body)["type"] for body in self.bodies]


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    heard = Endpoint()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            heard.signatures.append(self.headers["Stripe-Signature"])
            time.sleep(heard.slowness)
            status = heard.answers.pop(0) if heard.answers else 200
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", "/elsewhere/")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Keep quiet."""

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    heard.url = f"http://127.0.0.1:{listening.server_port}/stripe/webhook/"
    yield heard
    listening.shutdown()
    listening.server_close()
    thread.join()
