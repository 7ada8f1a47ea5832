"""Deliver events to the shop's endpoint: signed, over real HTTP, tried again when they are not taken.

https://docs.stripe.com/webhooks
"""

import hashlib
import hmac
import http.client
import json
import logging
import time
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from . import events
from .barriers import require_loopback_url
from .store import Store

logger = logging.getLogger(__name__)

RETRY_AFTER = (2.0, 10.0, 60.0, 300.0)
"""Seconds from a failed attempt to the next; afterwards the event waits to be sent by hand."""

PATIENCE = 10.0
"""How long one delivery may take, and how long the hosted page waits before it sends the buyer back."""

SAFETY_NET = 2 * PATIENCE
"""Seconds after which the background sends what the foreground meant to send and did not, such as after a crash."""


def signature_header(body: bytes, secrets: Sequence[str], timestamp: int) -> str:
    """Return the value of Stripe-Signature: one `v1` for each secret, two while a secret is being rolled."""
    signed = str(timestamp).encode() + b"." + body
    marks = [f"v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}" for secret in secrets]
    return ",".join([f"t={timestamp}", *marks])


class Courier:
    """Carries events from the store to `webhook_url`; while that is None, every event stays undelivered."""

    def __init__(self, store: Store, secrets: Sequence[str], webhook_url: str | None = None) -> None:
        self.store = store
        self.secrets = tuple(secrets)
        self.retry_after = RETRY_AFTER
        self.webhook_url = webhook_url

    @property
    def webhook_url(self) -> str | None:
        return self._webhook_url

    @webhook_url.setter
    def webhook_url(self, url: str | None) -> None:
        if url is not None:
            require_loopback_url(url)
        self._webhook_url = url

    def attempt(self, event_id: str, *, patience: float = PATIENCE) -> int:
        """Send the event once and note how it went; return the HTTP status, 0 when nobody answered.

        Each attempt has a new timestamp and signature. Redirects are not followed: to Stripe a 3xx is a failure.
        """
        event = self.store.get("event", event_id)
        if event is None:
            raise LookupError(f"There is no event {event_id}.")
        body = json.dumps(events.view(self.store, event), indent=2).encode()
        status = self._post(body, patience)
        self.store.note_attempt(event_id, status)
        return status

    def send(self, event_ids: Iterable[str], *, within: float = PATIENCE) -> None:
        """Send events now, in order; what is not taken, or not reached `within` these seconds, follows in the background."""
        deadline = time.monotonic() + within
        for event_id in event_ids:
            left = deadline - time.monotonic()
            if left > 0:
                self._try(event_id, patience=left)
            else:
                self.store.schedule(event_id, time.time())

    def send_due(self) -> float | None:
        """Send what is due; return the seconds until something will be, None when nothing waits."""
        for delivery in self.store.due_deliveries():
            if delivery.due_at is None or delivery.due_at > time.time():
                return None if delivery.due_at is None else delivery.due_at - time.time()
            self._try(delivery.event_id)
        return None

    def _try(self, event_id: str, *, patience: float = PATIENCE) -> None:
        if self.webhook_url is None:
            self.store.schedule(event_id, None)
            return
        status = self.attempt(event_id, patience=patience)
        delivery = self.store.delivery(event_id)
        if delivery.delivered:
            return
        if delivery.attempts <= len(self.retry_after):
            self.store.schedule(event_id, time.time() + self.retry_after[delivery.attempts - 1])
        else:
            logger.warning(
                "Event %s was not taken in %s attempts (last answer: %s).",
                event_id,
                delivery.attempts,
                status or "none",
            )

    def _post(self, body: bytes, patience: float) -> int:
        if self.webhook_url is None:
            return 0
        url = urlsplit(self.webhook_url)
        connection = http.client.HTTPConnection(url.hostname or "", url.port or 80, timeout=max(patience, 0.05))
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": signature_header(body, self.secrets, int(time.time())),
            "User-Agent": "Stripe/1.0 (local)",
        }
        try:
            connection.request("POST", (url.path or "/") + (f"?{url.query}" if url.query else ""), body, headers)
            response = connection.getresponse()
            response.read(65536)
        except (OSError, http.client.HTTPException):
            return 0
        else:
            return response.status
        finally:
            connection.close()
