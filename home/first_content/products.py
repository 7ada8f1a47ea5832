"""The journal, the bundle, and what they need to be sold. Prices are demonstration values."""

from dataclasses import dataclass, field
from typing import Any

from wagtail.models import Page

from shop.models import (
    BundleComponent,
    Product,
    ProductPage,
    ProductUnlock,
    ShippingCountry,
    ShippingRate,
    ShippingZone,
    ShopIndexPage,
    Stock,
    StockMovement,
)
from shop.stock import adjust

from .product_texts import BUNDLE, JOURNAL, PageText

CANDLES = 20
# Name, countries, price to post in cents, working days.
ZONES = (
    ("Germany", ("DE",), 490, (2, 4)),
    ("European Union", ("AT", "BE", "DK", "ES", "FI", "FR", "IE", "IT", "LU", "NL", "PL", "PT", "SE"), 990, (4, 8)),
    ("United Kingdom and Switzerland", ("CH", "GB"), 1490, (5, 12)),
)


@dataclass(frozen=True, kw_only=True)
class Ware:
    """A product to be made: what it unlocks by the guides' keys, or which others it is made of with their share."""

    sku: str
    name: str
    kind: Product.Kind
    price_minor: int
    active: bool = True
    unlocks: tuple[str, ...] = ()
    parts: dict[str, int] = field(default_factory=dict)


WARES = (
    Ware(
        sku="harmony-journal",
        name="Harmony Shadow Work Journal",
        kind=Product.Kind.DIGITAL,
        price_minor=2400,
        unlocks=("harmony",),
    ),
    # These two are sold in the bundle only.
    Ware(sku="heart-candle", name="Heart-centered candle", kind=Product.Kind.PHYSICAL, price_minor=2200, active=False),
    Ware(
        sku="heart-exercises",
        name="Reflective exercises",
        kind=Product.Kind.DIGITAL,
        price_minor=2600,
        active=False,
        unlocks=("harmony", "practices"),
    ),
    Ware(
        sku="heart-bundle",
        name="Heart Chakra Healing Bundle",
        kind=Product.Kind.BUNDLE,
        price_minor=4400,
        parts={"heart-candle": 22, "heart-exercises": 26},
    ),
)


def load(shop_index: ShopIndexPage, guides: dict[str, Page]) -> dict[str, Page]:
    """Make what is missing, change nothing that is there, and return the pages by the keys "journal" and "bundle"."""
    for ware in WARES:
        _load_product(ware, guides)
    _load_zones()
    pages = {"journal": _load_page(shop_index, JOURNAL), "bundle": _load_page(shop_index, BUNDLE)}
    for key, offer in (("harmony", pages["journal"]), ("practices", pages["bundle"])):
        if key in guides:
            _offer(guides[key], offer)
    return pages


def _load_product(ware: Ware, guides: dict[str, Page]) -> None:
    product, is_new = Product.objects.get_or_create(
        sku=ware.sku,
        defaults={"name": ware.name, "kind": ware.kind, "price_minor": ware.price_minor, "active": ware.active},
    )
    if not is_new:
        return
    for key in ware.unlocks:
        if key in guides:
            ProductUnlock.objects.create(product=product, page=guides[key])
    for sku, share in ware.parts.items():
        BundleComponent.objects.create(bundle=product, component=Product.objects.get(sku=sku), price_share=share)
    if ware.kind == Product.Kind.PHYSICAL:
        adjust(
            Stock.objects.get(product=product).pk,
            delta=CANDLES,
            reason=StockMovement.Reason.RECEIVED,
            note="First content",
        )


def _load_zones() -> None:
    if ShippingZone.objects.exists():
        return
    for name, countries, amount_minor, (first, last) in ZONES:
        zone = ShippingZone.objects.create(name=name)
        ShippingRate.objects.create(zone=zone, name="Parcel", amount_minor=amount_minor, min_days=first, max_days=last)
        for code in countries:
            ShippingCountry.objects.create(zone=zone, code=code)


def _load_page(shop_index: ShopIndexPage, text: PageText) -> Page:
    found = shop_index.get_children().filter(slug=text.slug).first()
    if found is not None:
        return found.specific
    page = ProductPage(
        title=text.title,
        slug=text.slug,
        search_description=text.summary,
        summary=text.summary,
        product=Product.objects.get(sku=text.sku),
        illustration=text.illustration,
        body=[
            *(("section", section) for section in text.sections),
            *(("question", question) for question in text.questions),
        ],
    )
    shop_index.add_child(instance=page)
    page.save_revision().publish()
    return page


def _offer(guide: Any, page: Page) -> None:
    if getattr(guide, "offer_id", page.pk) is None:
        guide.offer = page
        guide.save_revision().publish()
