"""The shop in the admin: products and stock are edited, orders and events are looked at."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from wagtail.models import ReferenceIndex

from shop.models import Order, Product, ShippingZone, Stock, StockMovement, StripeEvent
from shop.stock import StockHeld, adjust
from shop.sync import sync_session
from tests.shop.conftest import cart_with, session_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(make_user: Any) -> Client:
    client = Client()
    client.force_login(make_user("staff@example.org", is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def order(begin: Any, stripe_server: Any, bundle: Product, zone: Any) -> Order:
    placed: Order = begin(cart_with("DE", bundle=1))
    stripe_server.pay(session_of(placed), email="mara@example.org")
    sync_session(session_of(placed))
    return placed


def rows(prefix: str, *forms: dict[str, Any]) -> dict[str, Any]:
    management = {
        f"{prefix}-TOTAL_FORMS": len(forms),
        f"{prefix}-INITIAL_FORMS": 0,
        f"{prefix}-MIN_NUM_FORMS": 0,
        f"{prefix}-MAX_NUM_FORMS": 1000,
    }
    return management | {
        f"{prefix}-{number}-{name}": value for number, form in enumerate(forms) for name, value in form.items()
    }


def a_product(**changes: Any) -> dict[str, Any]:
    fields = {
        "sku": "tea",
        "name": "Tea",
        "kind": "physical",
        "price_minor": 900,
        "currency": "EUR",
        "max_per_order": 5,
        "active": "on",
    }
    return {**fields, **rows("bundle_components"), **rows("unlocks"), **changes}


def test_a_new_product_that_is_posted_has_a_stock_of_nothing(staff: Client) -> None:
    response = staff.post(reverse("anahata_shop_products:add"), a_product())

    assert response.status_code == 302, response.context["form"].errors
    assert Stock.objects.get(product__sku="tea").on_hand == 0


def test_a_bundle_is_made_of_products(staff: Client, candle: Product, journal: Product) -> None:
    parts = rows(
        "bundle_components",
        *({"component": product.pk, "quantity": 1, "price_share": 1} for product in (candle, journal)),
    )

    response = staff.post(reverse("anahata_shop_products:add"), a_product(kind="bundle", **parts))

    assert response.status_code == 302, response.context["form"].errors
    assert [part.name for part, _count in Product.objects.get(sku="tea").parts] == ["Candle", "Harmony Journal"]


def test_what_a_product_unlocks_is_chosen_as_a_page(staff: Client, guide: Any) -> None:
    response = staff.post(
        reverse("anahata_shop_products:add"), a_product(kind="digital", **rows("unlocks", {"page": guide.pk}))
    )

    assert response.status_code == 302, response.context["form"].errors
    assert Product.objects.get(sku="tea").unlock_keys() == [str(guide.translation_key)]


def test_what_makes_no_sense_together_is_refused(staff: Client, candle: Product, bundle: Product, guide: Any) -> None:
    part = {"component": candle.pk, "quantity": 1, "price_share": 1}
    nonsense = [
        a_product(kind="bundle"),
        a_product(**rows("bundle_components", part)),
        a_product(kind="bundle", **rows("bundle_components", part, part)),
        a_product(kind="bundle", **rows("bundle_components", {**part, "component": bundle.pk})),
        a_product(kind="bundle", **rows("bundle_components", part), **rows("unlocks", {"page": guide.pk})),
        a_product(kind="digital", **rows("unlocks", {"page": guide.pk}, {"page": guide.pk})),
        a_product(currency="USD"),
        a_product(price_minor=-1),
        a_product(max_per_order=0),
        a_product(sku="has space"),
        a_product(sku="candle"),
    ]

    statuses = [staff.post(reverse("anahata_shop_products:add"), form).status_code for form in nonsense]

    assert statuses == [200] * len(nonsense)
    assert not Product.objects.filter(sku__in=["tea", "has space"]).exists()


def test_stock_is_changed_by_a_difference_and_written_down(staff: Client, candle: Product) -> None:
    stock = Stock.objects.get()
    url = reverse("anahata_shop_stock:edit", args=[stock.pk])
    staff.get(url)
    Stock.objects.update(on_hand=17)  # three are sold while the form is open

    response = staff.post(url, {"change": "12", "reason": "received", "note": "June", "low_at": "4"})

    assert response.status_code == 302, response.context["form"].errors
    stock.refresh_from_db()
    movement = StockMovement.objects.get()
    assert (stock.on_hand, stock.low_at) == (29, 4)
    assert (movement.delta, movement.reason, movement.note) == (12, "received", "June")
    assert movement.user_id is not None


@pytest.mark.parametrize("change", ["1000001", "-1000001", "9" * 23])
def test_a_slip_that_no_database_counts_is_refused(staff: Client, candle: Product, change: str) -> None:
    stock = Stock.objects.get()

    response = staff.post(
        reverse("anahata_shop_stock:edit", args=[stock.pk]), {"change": change, "reason": "received", "low_at": "3"}
    )

    stock.refresh_from_db()
    assert response.status_code == 200
    assert (stock.on_hand, StockMovement.objects.count()) == (20, 0)


def test_what_is_held_is_not_taken_off_the_shelf(staff: Client, candle: Product) -> None:
    Stock.objects.update(on_hand=5, reserved=4)
    stock = Stock.objects.get()

    response = staff.post(
        reverse("anahata_shop_stock:edit", args=[stock.pk]), {"change": "-2", "reason": "lost", "low_at": "3"}
    )

    assert response.status_code == 200
    assert "Only 1 are free" in response.content.decode()
    with pytest.raises(StockHeld):
        adjust(stock.pk, delta=-2, reason=StockMovement.Reason.LOST)
    assert (Stock.objects.get().on_hand, StockMovement.objects.count()) == (5, 0)


@pytest.mark.parametrize(
    "name",
    ["anahata_shop_orders", "anahata_shop_products", "anahata_shop_stock", "anahata_shop_zones", "anahata_shop_events"],
)
def test_every_list_is_shown(staff: Client, order: Order, name: str) -> None:
    StripeEvent.objects.create(event_id="evt_1", type="charge.updated", livemode=False)

    assert staff.get(reverse(f"{name}:index")).status_code == 200


def test_an_order_says_what_to_pack_and_for_whom(staff: Client, order: Order) -> None:
    Order.objects.update(shipping_address={"city": "Berlin", "name": "Mara Muster", "line1": "Lindenweg 4"})

    shown = staff.get(reverse("anahata_shop_orders:inspect", args=[order.pk])).content.decode()

    assert "1 × Healing Bundle" in shown
    assert "€43.91" in shown
    assert "Mara Muster, Lindenweg 4, Berlin" in shown


def test_an_order_is_looked_at_and_not_typed_in(staff: Client, order: Order) -> None:
    shown = staff.get(reverse("anahata_shop_orders:inspect", args=[order.pk]))
    urls = [
        reverse("anahata_shop_orders:add"),
        *(reverse(f"anahata_shop_orders:{act}", args=[order.pk]) for act in ("edit", "delete")),
    ]
    refused = [staff.post(url, {"payment_state": "refunded"}).status_code for url in urls]

    assert order.number in shown.content.decode()
    assert order.public_token not in shown.content.decode()
    assert refused == [302, 302, 302]
    assert Order.objects.get().payment_state == "paid"


def test_a_product_is_never_deleted(staff: Client, candle: Product) -> None:
    staff.post(reverse("anahata_shop_products:delete", args=[candle.pk]))

    assert Product.objects.filter(pk=candle.pk).exists()


def test_an_editor_sees_nothing_of_the_shop(order: Order, make_user: Any) -> None:
    editor = make_user("editor@example.org", is_staff=True)
    editor.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client = Client()
    client.force_login(editor)

    pages = [
        client.get(reverse(f"anahata_shop_{name}:index")).status_code
        for name in ("orders", "products", "stock", "zones", "events")
    ]
    one = client.get(reverse("anahata_shop_orders:inspect", args=[order.pk])).status_code

    assert pages == [302] * 5
    assert one == 302


def test_a_clerk_who_may_view_orders_may_do_nothing_else(order: Order, make_user: Any) -> None:
    clerk = make_user("clerk@example.org", is_staff=True)
    clerk.user_permissions.add(*Permission.objects.filter(codename__in=["access_admin", "view_order"]))
    client = Client()
    client.force_login(clerk)

    assert client.get(reverse("anahata_shop_orders:inspect", args=[order.pk])).status_code == 200
    assert client.get(reverse("anahata_shop_products:index")).status_code == 302


def test_a_country_is_in_one_zone_and_one_that_stripe_serves(staff: Client, zone: ShippingZone) -> None:
    rate = rows(
        "rates",
        {"name": "Parcel", "amount_minor": 900, "currency": "EUR", "min_days": 2, "max_days": 5, "active": "on"},
    )

    statuses = {
        code: staff.post(
            reverse("anahata_shop_zones:add"), {"name": code, **rows("countries", {"code": code}), **rate}
        ).status_code
        for code in ("DE", "KP", "XX", "fr", "FR")
    }

    assert statuses == {"DE": 200, "KP": 200, "XX": 200, "fr": 200, "FR": 302}


@pytest.mark.parametrize(("currency", "status"), [("EUR", 302), ("USD", 200)])
def test_a_rate_in_another_currency_is_refused_since_nobody_would_be_offered_it(
    staff: Client, db: None, currency: str, status: int
) -> None:
    rate = {"name": "Parcel", "amount_minor": 900, "currency": currency, "min_days": 2, "max_days": 5, "active": "on"}

    response = staff.post(
        reverse("anahata_shop_zones:add"), {"name": "Far", **rows("countries", {"code": "FR"}), **rows("rates", rate)}
    )

    assert (response.status_code, ShippingZone.objects.filter(name="Far").exists()) == (status, status == 302)


def test_no_buyer_is_in_wagtails_reference_index(order: Order, guide: Any) -> None:
    indexed = {reference.base_content_type.model for reference in ReferenceIndex.objects.all()}

    assert not indexed & {
        "order",
        "entitlement",
        "payment",
        "orderline",
        "soldcomponent",
        "stock",
        "stockmovement",
        "reservation",
    }


def test_a_movement_is_never_changed_or_deleted(candle: Product) -> None:
    movement = StockMovement.objects.create(stock=Stock.objects.get(), delta=1, reason="received")

    with pytest.raises(TypeError):
        movement.save()
    with pytest.raises(TypeError):
        movement.delete()
