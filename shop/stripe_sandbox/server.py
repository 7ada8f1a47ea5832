"""The local Stripe as a server of its own, in a thread: for the command and, with its knobs, for tests."""

import logging
import socket
import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path
from socketserver import ThreadingMixIn
from types import TracebackType
from typing import Self
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from . import objects, outcomes, refunds, sessions
from .api import Application
from .barriers import NotLocal, is_loopback
from .outcomes import Buyer
from .store import Delivery, Json, Store
from .webhooks import SAFETY_NET, Courier

logger = logging.getLogger(__name__)

TICK = 0.25


class _Handler(WSGIRequestHandler):
    timeout = 30

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet: an address line could hold what a buyer typed."""


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 128

    def server_bind(self) -> None:
        """Bind without asking the network for this machine's name, which takes seconds on some."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])
        self.setup_environ()


class SandboxServer:
    """A local Stripe on `host:port` (0 takes any free port), listening from `start()` to `stop()`.

        with SandboxServer(secret_key=key, webhook_secrets=[secret], webhook_url=None) as stripe:
            client = StripeClient(key, base_addresses={"api": stripe.url})

    The methods `pay`, `decline`, `delay`, `settle` and `expire` do what a person would do on the hosted page. Each
    sends its events before it returns, unless told `deliver=False`: then they stay undelivered, as if lost, until
    `deliver(event_id)`. `webhook_url` may be set later; while it is None nothing is delivered.

    Raises:
        NotLocal: the key is not a local Stripe's own, or an address is beyond this machine.

    """

    def __init__(
        self,
        *,
        secret_key: str,
        webhook_secrets: Sequence[str],
        webhook_url: str | None,
        store: Path | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        if not is_loopback(host) or ":" in host:
            raise NotLocal(f"The local Stripe listens on 127.0.0.1 or localhost only, not on {host}.")
        self.host, self.port = host, port
        self.store = Store(store)
        try:
            self.courier = Courier(self.store, webhook_secrets, webhook_url)
            self.application = Application(self.store, secret_key=secret_key, courier=self.courier, base_url=self.url)
        except NotLocal:
            self.store.close()
            raise
        self._server: _Server | None = None
        self._threads: list[threading.Thread] = []
        self._stopping = threading.Event()

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def webhook_url(self) -> str | None:
        return self.courier.webhook_url

    @webhook_url.setter
    def webhook_url(self, url: str | None) -> None:
        self.courier.webhook_url = url

    def start(self) -> Self:
        """Listen. Raise OSError when the port is taken."""
        try:
            server = _Server((self.host, self.port), _Handler)
        except OSError:
            self.store.close()
            raise
        server.set_app(self.application)
        self._server, self.port = server, server.server_port
        self.application.base_url = self.url
        self._threads = [
            threading.Thread(
                target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="local-stripe", daemon=True
            ),
            threading.Thread(target=self._work, name="local-stripe-courier", daemon=True),
        ]
        for thread in self._threads:
            thread.start()
        return self

    def stop(self) -> None:
        """Stop listening and sending; a second call does nothing."""
        self._stopping.set()
        self.application.faults.stopped.set()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None
        for thread in self._threads:
            thread.join(timeout=12)
        self._threads = []
        self.store.close()

    close = stop

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def _work(self) -> None:
        while not self._stopping.wait(TICK):
            try:
                sessions.expire_due(self.store)
                self.courier.send_due()
            except sqlite3.OperationalError:  # another process holds the file; the next tick tries again
                logger.warning("The local Stripe's store was busy.", exc_info=True)

    # What a person does on the hosted page

    def pay(
        self,
        session_id: str,
        *,
        email: str = "buyer@example.com",
        name: str = "Practice Buyer",
        address: Json | None = None,
        shipping_rate: str | None = None,
        deliver: bool = True,
    ) -> Json:
        """Pay by card; return the session. Its `customer_email`, where the shop sent one, beats `email`, as at Stripe.

        `address` has Stripe's keys (line1, city, postal_code, country …); by default one in the first country offered.

        Raises:
            outcomes.NotPossible: it is not open; a second payment is impossible.

        """
        buyer = self._buyer(session_id, email=email, name=name, address=address, shipping_rate=shipping_rate)
        return self._after(
            session_id, outcomes.pay(self.store, session_id, buyer, due_in=self._due_in(deliver)), deliver
        )

    def decline(self, session_id: str, *, reason: str = "generic_decline", deliver: bool = True) -> Json:
        """Have the bank refuse the card (`reason`: a key of `outcomes.DECLINES`); the session stays open."""
        buyer = self._buyer(session_id)
        return self._after(
            session_id,
            outcomes.decline(self.store, session_id, buyer, reason=reason, due_in=self._due_in(deliver)),
            deliver,
        )

    def delay(
        self,
        session_id: str,
        *,
        email: str = "buyer@example.com",
        name: str = "Practice Buyer",
        address: Json | None = None,
        deliver: bool = True,
    ) -> Json:
        """Pay by a debit that takes days: complete and unpaid until `settle`."""
        buyer = self._buyer(session_id, email=email, name=name, address=address)
        return self._after(
            session_id, outcomes.delay(self.store, session_id, buyer, due_in=self._due_in(deliver)), deliver
        )

    def settle(self, session_id: str, succeeded: bool, *, deliver: bool = True) -> Json:
        """Let the delayed money arrive, or not."""
        return self._after(
            session_id,
            outcomes.settle(self.store, session_id, succeeded=succeeded, due_in=self._due_in(deliver)),
            deliver,
        )

    def expire(self, session_id: str, *, deliver: bool = True) -> Json:
        """Let the session's time be over."""
        _, event_id = sessions.expire(self.store, session_id, due_in=self._due_in(deliver))
        return self._after(session_id, [event_id], deliver)

    def refund(self, payment_intent: str, amount: int | None = None, *, deliver: bool = True) -> Json:
        """Give money back as somebody would in Stripe's dashboard, behind the shop's back; return the refund."""
        params = {"payment_intent": payment_intent} | ({} if amount is None else {"amount": amount})
        refund, event_ids = refunds.create(self.store, params, due_in=self._due_in(deliver))
        if deliver:
            self.courier.send(event_ids)
        return refund.body

    def deliver(self, event_id: str, times: int = 1) -> list[int]:
        """Send the event by hand; return the HTTP status of each attempt, 0 where nobody answered."""
        return [self.courier.attempt(event_id) for _ in range(times)]

    def events(self, type: str | None = None) -> list[Json]:
        """Return all events, or those of one type, the oldest first."""
        found = [record.body for record in reversed(self.store.newest_first("event"))]
        return [event for event in found if type in (None, event["type"])]

    def delivery(self, event_id: str) -> Delivery:
        """Return how far the event came."""
        return self.store.delivery(event_id)

    # What goes wrong

    def fail_next(self, n: int = 1, status: int = 500, *, carried_out: bool = False) -> None:
        """Answer the next `n` API requests with `status`.

        Nothing is done for them and their idempotency keys stay unused; with `carried_out` they are done and kept, and
        only the answer is lost, as when a line breaks.
        """
        self.application.faults.failures.extend([(status, carried_out)] * n)

    def hang_next(self, seconds: float) -> None:
        """Let the next API request wait that long for its answer."""
        self.application.faults.hangs.append(seconds)

    def _due_in(self, deliver: bool) -> float | None:
        return SAFETY_NET if deliver else None

    def _after(self, session_id: str, event_ids: list[str], deliver: bool) -> Json:
        if deliver:
            self.courier.send(event_ids)
        return sessions.find(self.store, session_id).body

    def _buyer(
        self,
        session_id: str,
        *,
        email: str = "buyer@example.com",
        name: str = "Practice Buyer",
        address: Json | None = None,
        shipping_rate: str | None = None,
    ) -> Buyer:
        collection = sessions.find(self.store, session_id).body["shipping_address_collection"]
        country = collection["allowed_countries"][0] if collection else "DE"
        typed = address or {
            "line1": "1 Practice Lane",
            "city": "Sampletown",
            "postal_code": "12345",
            "country": country,
        }
        return Buyer(email=email, name=name, address=objects.address(**typed), shipping_rate=shipping_rate)
