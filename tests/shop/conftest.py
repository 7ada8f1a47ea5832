"""A small shop, and a local Stripe to pay at."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import stripe
from django.test import Client
from wagtail.models import Locale, Page, Site

from shop.cart import Cart
from shop.checkout import Buyer, ToPay, start
from shop.models import (
    BundleComponent,
    Order,
    Product,
    ProductPage,
    ProductUnlock,
    ShippingCountry,
    ShippingRate,
    ShippingZone,
    ShopIndexPage,
    Stock,
)
from shop.stripe_sandbox.server import SandboxServer


@pytest.fixture
def root(db: None) -> Iterator[Page]:
    """The site's first page; what Wagtail remembers of its address is of this test alone."""
    Site.clear_site_root_paths_cache()
    site = Site.objects.filter(is_default_site=True).first()
    if site is None:  # a test with a live server has emptied every table
        Locale.objects.get_or_create(language_code="en")
        page = Page.add_root(instance=Page(title="Root", slug="root"))
        site = Site.objects.create(hostname="localhost", root_page=page, is_default_site=True)
    yield site.root_page
    Site.clear_site_root_paths_cache()


@pytest.fixture
def guide(root: Page) -> Page:
    """A page that can be unlocked; any page can."""
    return root.add_child(instance=Page(title="Harmony", slug="harmony"))


@pytest.fixture
def zone(db: None) -> ShippingZone:
    zone = ShippingZone.objects.create(name="Near")
    ShippingCountry.objects.create(zone=zone, code="DE")
    ShippingCountry.objects.create(zone=zone, code="AT")
    ShippingRate.objects.create(zone=zone, name="Letter post", amount_minor=490)
    return zone


@pytest.fixture
def candle(db: None) -> Product:
    product = Product.objects.create(sku="candle", name="Candle", kind="physical", price_minor=1900)
    Stock.objects.filter(product=product).update(on_hand=20)
    return Product.objects.get(pk=product.pk)


@pytest.fixture
def journal(guide: Page) -> Product:
    product = Product.objects.create(sku="journal", name="Harmony Journal", kind="digital", price_minor=2400)
    ProductUnlock.objects.create(product=product, page=guide)
    return product


@pytest.fixture
def bundle(candle: Product, journal: Product) -> Product:
    product = Product.objects.create(sku="bundle", name="Healing Bundle", kind="bundle", price_minor=3901)
    BundleComponent.objects.create(bundle=product, component=candle, price_share=1)
    BundleComponent.objects.create(bundle=product, component=journal, price_share=1)
    return product


@pytest.fixture
def shelf(root: Page) -> ShopIndexPage:
    return root.add_child(instance=ShopIndexPage(title="Shop", slug="shop"))


@pytest.fixture
def add_page(shelf: ShopIndexPage) -> Callable[[Product], ProductPage]:
    def add(product: Product) -> ProductPage:
        return shelf.add_child(
            instance=ProductPage(title=product.name, slug=product.sku, product=product, illustration="candle")
        )

    return add


@pytest.fixture
def stripe_server(settings: Any) -> Iterator[SandboxServer]:
    """A local Stripe that delivers nothing by itself."""
    with SandboxServer(
        secret_key=settings.STRIPE_SECRET_KEY, webhook_secrets=settings.STRIPE_WEBHOOK_SECRETS, webhook_url=None
    ) as server:
        settings.STRIPE_SANDBOX_URL = server.url
        yield server


def cart_with(country: str = "", **quantities: int) -> Cart:
    return Cart(token="a" * 32, quantities=tuple(quantities.items()), country=country)


BUYER = Buyer(
    return_url="http://testserver/checkout/return/?session_id={CHECKOUT_SESSION_ID}",
    cancel_url="http://testserver/cart/",
)


@pytest.fixture
def begin(stripe_server: SandboxServer) -> Callable[..., Order]:
    """Begin a checkout and return its order."""

    def begin_checkout(cart: Cart, buyer: Buyer = BUYER) -> Order:
        outcome = start(cart, buyer)
        assert isinstance(outcome, ToPay)
        return outcome.order

    return begin_checkout


def session_of(order: Order) -> str:
    session_id = order.attempts.latest("pk").session_id
    assert session_id
    return session_id


def signed(body: str, settings: Any, secret: str = "") -> str:
    return stripe.WebhookSignature.generate_signature_header(body, secret or settings.STRIPE_WEBHOOK_SECRETS[0])


def post_event(client: Client, event: dict[str, Any], settings: Any) -> int:
    """Deliver an event as Stripe does; return the status."""
    body = json.dumps(event)
    return client.post(
        "/stripe/webhook/", body, content_type="application/json", headers={"stripe-signature": signed(body, settings)}
    ).status_code
