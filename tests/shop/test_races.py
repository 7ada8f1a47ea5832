"""Many buyers at the same moment, each in a process of their own."""

import json
import os
import secrets
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
import stripe
from django.db import connection

from shop.stripe_sandbox.server import SandboxServer
from tests.shop.racing import ROOT, STRIPE_KEY, WEBHOOK_SECRET, environment, race, run

POSTGRES_URL = os.environ.get("TEST_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres")

STOCK_CANDLES = """
from shop.models import BundleComponent, Product, ProductUnlock, ShippingCountry, ShippingRate, ShippingZone, Stock
from wagtail.models import Page
zone = ShippingZone.objects.create(name="Near")
ShippingCountry.objects.create(zone=zone, code="DE")
ShippingRate.objects.create(zone=zone, name="Letter post", amount_minor=490)
candle = Product.objects.create(sku="candle", name="Candle", kind="physical", price_minor=1900)
words = Product.objects.create(sku="words", name="Words", kind="digital", price_minor=0)
ProductUnlock.objects.create(product=words, page=Page.objects.last())
bundle = Product.objects.create(sku="bundle", name="Bundle", kind="bundle", price_minor=3900)
for part in (candle, words):
    BundleComponent.objects.create(bundle=bundle, component=part)
Stock.objects.update(on_hand=given["pieces"])
said = None
"""

TRY_TO_BUY = """
import collections
from shop.cart import Cart
from shop.checkout import Buyer, CannotCheckOut, start
buyer = Buyer(return_url="http://localhost/checkout/return/?session_id={CHECKOUT_SESSION_ID}", cancel_url="http://localhost/cart/")
ready()
said = collections.Counter()
for _attempt in range(given["attempts"]):
    try:
        start(Cart.empty("DE").with_quantity(given["sku"], 1), buyer)
        said["bought"] += 1
    except CannotCheckOut:
        said["sold out"] += 1
"""

LOOK = """
from shop.models import CheckoutAttempt, Entitlement, Order, OutboxMail, Payment, Stock, StockMovement, StripeEvent
stock = Stock.objects.get()
said = {
    "stock": [stock.on_hand, stock.reserved],
    "states": sorted(set(Order.objects.values_list("payment_state", flat=True))),
    "orders": Order.objects.count(),
    "moved": [StockMovement.objects.filter(reason="sold").count(), Payment.objects.count()],
    "mails": [[mail.attempts, mail.sent_at is not None] for mail in OutboxMail.objects.all()],
    "entitlements": Entitlement.objects.count(),
    "events": StripeEvent.objects.count(),
    "sessions": list(CheckoutAttempt.objects.values_list("session_id", flat=True)),
}
"""


def make_tables(url: str) -> None:
    for command in ("migrate", "createcachetable"):
        subprocess.run(
            [sys.executable, "-m", "django", command, "--verbosity", "0"],
            cwd=ROOT,
            env=environment(url, {}),
            check=True,
        )


@pytest.fixture
def postgres() -> Iterator[str]:
    """The address of a migrated database of this test's own."""
    import psycopg

    name = f"race_{secrets.token_hex(4)}"
    url = urlunsplit(urlsplit(POSTGRES_URL)._replace(path=f"/{name}"))
    try:
        server = psycopg.connect(POSTGRES_URL, autocommit=True)
    except psycopg.OperationalError as error:
        pytest.fail(
            f"These races need PostgreSQL. Name one in TEST_POSTGRES_URL; {POSTGRES_URL} does not answer: {error}"
        )
    with server:
        server.execute(f'CREATE DATABASE "{name}"')
        try:
            make_tables(url)
            yield url
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    server.close()


@pytest.fixture
def sqlite_file(tmp_path: Path, db: None) -> str:
    """The address of a migrated SQLite file: the tables of the test database, or new ones where that is PostgreSQL."""
    path = tmp_path / "race.sqlite3"
    url = f"sqlite:///{path}"
    if connection.vendor != "sqlite":
        make_tables(url)
        return url
    with sqlite3.connect(path, isolation_level=None) as copy:
        copy.execute("PRAGMA journal_mode=WAL")
        copy.execute("PRAGMA synchronous=OFF")
        # A dump, not a backup: the test's own transaction is open. Search is left out, its tables are virtual.
        for statement in connection.connection.iterdump():
            if "_fts" not in statement and "writable_schema" not in statement:
                copy.execute(statement)
    copy.close()
    return url


@pytest.fixture
def stripe_server() -> Iterator[SandboxServer]:
    with SandboxServer(secret_key=STRIPE_KEY, webhook_secrets=[WEBHOOK_SECRET], webhook_url=None) as server:
        yield server


def test_a_few_buyers_at_once_never_oversell_on_sqlite(sqlite_file: str, stripe_server: SandboxServer) -> None:
    run(sqlite_file, STOCK_CANDLES, pieces=3)

    tries = race(sqlite_file, 3, TRY_TO_BUY, sku="candle", attempts=4, stripe=stripe_server.url)

    said = run(sqlite_file, LOOK)
    assert sum(one.get("bought", 0) for one in tries) == 3
    assert sum(one.get("sold out", 0) for one in tries) == 9
    assert (said["stock"], said["orders"]) == ([3, 3], 3)


@pytest.mark.slow
def test_eighty_attempts_at_twenty_pieces_sell_exactly_twenty(postgres: str, stripe_server: SandboxServer) -> None:
    run(postgres, STOCK_CANDLES, pieces=20)

    tries = race(postgres, 8, TRY_TO_BUY, sku="candle", attempts=10, stripe=stripe_server.url)
    held = run(postgres, LOOK)
    for session_id in held["sessions"]:
        stripe_server.pay(session_id)
    race(
        postgres,
        4,
        """
        from shop.models import CheckoutAttempt
        from shop.sync import sync_session
        ready()
        said = [sync_session(session_id).payment_state for session_id in CheckoutAttempt.objects.values_list("session_id", flat=True)]
        """,
        stripe=stripe_server.url,
    )

    said = run(postgres, LOOK)
    assert sum(one.get("bought", 0) for one in tries) == 20
    assert sum(one.get("sold out", 0) for one in tries) == 60
    assert held["stock"] == [20, 20]
    assert (said["stock"], said["orders"], said["states"], said["moved"]) == ([0, 0], 20, ["paid"], [20, 20])


@pytest.mark.slow
def test_sixteen_deliveries_of_one_event_have_one_effect(postgres: str, stripe_server: SandboxServer) -> None:
    run(postgres, STOCK_CANDLES, pieces=20)
    run(postgres, TRY_TO_BUY.replace("ready()", ""), sku="bundle", attempts=1, stripe=stripe_server.url)
    (session_id,) = run(postgres, LOOK)["sessions"]
    stripe_server.pay(session_id, deliver=False)
    body = json.dumps(stripe_server.events("checkout.session.completed")[0])
    signature = stripe.WebhookSignature.generate_signature_header(body, WEBHOOK_SECRET)

    answers = race(
        postgres,
        4,
        """
        from concurrent.futures import ThreadPoolExecutor
        from django.db import connections
        from django.test import Client
        from shop import tasks

        def deliver(_number):
            headers = {"stripe-signature": given["signature"]}
            answer = Client().post("/stripe/webhook/", given["event"], content_type="application/json", headers=headers)
            tasks.sweep_now()
            connections.close_all()
            return answer.status_code

        ready()
        with ThreadPoolExecutor(4) as threads:
            said = list(threads.map(deliver, range(4)))
        """,
        stripe=stripe_server.url,
        event=body,
        signature=signature,
    )

    said = run(postgres, LOOK)
    assert answers == [[200] * 4] * 4
    assert (said["events"], said["states"], said["stock"]) == (1, ["paid"], [19, 0])
    assert (said["moved"], said["entitlements"], said["mails"]) == ([1, 1], 1, [[1, True]])


@pytest.mark.slow
def test_one_cart_sent_many_times_at_once_makes_one_order(postgres: str, stripe_server: SandboxServer) -> None:
    run(postgres, STOCK_CANDLES, pieces=1)

    places = race(
        postgres,
        8,
        """
        from shop.cart import Cart
        from shop.checkout import Buyer, start
        buyer = Buyer(return_url="http://localhost/checkout/return/", cancel_url="http://localhost/cart/")
        cart = Cart(token="c" * 32, country="DE").with_quantity("bundle", 1)
        ready()
        said = start(cart, buyer).url
        """,
        stripe=stripe_server.url,
    )

    said = run(postgres, LOOK)
    assert len(set(places)) == 1
    assert (said["orders"], said["stock"], len(said["sessions"])) == (1, [1, 1], 1)
