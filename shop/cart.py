"""The cart: what someone would like to buy. It lives in a signed cookie, and holds no price."""

import hashlib
import json
import secrets
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.core import signing
from django.db.models import Sum

from . import conf
from .models import Product, ProductPage, Reservation
from .models.delivery import Offer, offers

_SALT = "anahata_shop.cart"
KEPT_SECONDS = 30 * 24 * 3600
MOST_LINES = 20
MOST_PIECES = 99


@dataclass(frozen=True, kw_only=True)
class Cart:
    """Quantities by SKU in the order they were added, the country to post to, and a token that ties repeated checkouts together."""

    token: str
    quantities: tuple[tuple[str, int], ...] = ()
    country: str = ""

    @classmethod
    def empty(cls, country: str = "") -> "Cart":
        return cls(token=secrets.token_hex(16), country=country)

    @classmethod
    def loads(cls, cookie: str) -> "Cart":
        """Return the cart that `dumps` wrote, or an empty one where the cookie is missing, forged or old."""
        try:
            token, quantities, country = signing.loads(cookie, salt=_SALT, max_age=KEPT_SECONDS)
        except (signing.BadSignature, ValueError, TypeError):
            return cls.empty()
        return cls(token=token, quantities=tuple((sku, quantity) for sku, quantity in quantities), country=country)

    def dumps(self) -> str:
        return signing.dumps([self.token, self.quantities, self.country], salt=_SALT, compress=True)

    @property
    def pieces(self) -> int:
        return sum(quantity for _sku, quantity in self.quantities)

    def with_quantity(self, sku: str, quantity: int) -> "Cart":
        """Set how many of `sku` there are; none takes it out. What goes beyond the limits is left out."""
        lines = dict(self.quantities)
        lines[sku] = min(quantity, MOST_PIECES)
        return replace(self, quantities=tuple((key, count) for key, count in lines.items() if count > 0)[:MOST_LINES])

    def with_added(self, sku: str, quantity: int) -> "Cart":
        return self.with_quantity(sku, dict(self.quantities).get(sku, 0) + quantity)

    def with_country(self, country: str) -> "Cart":
        return replace(self, country=country)

    def after_buying(self, bought: dict[str, int]) -> "Cart":
        """Return what is left in a new cart, so that doing it twice takes nothing out twice."""
        left = tuple((sku, count - bought.get(sku, 0)) for sku, count in self.quantities if count > bought.get(sku, 0))
        return Cart(token=secrets.token_hex(16), quantities=left, country=self.country)


@dataclass(frozen=True, kw_only=True)
class PricedLine:
    """A line at today's price. `most` is how many can be had: 0 for what is gone."""

    product: Product
    quantity: int
    most: int
    is_short: bool
    page: ProductPage | None

    @property
    def total_minor(self) -> int:
        return self.product.price_minor * self.quantity


@dataclass(frozen=True, kw_only=True)
class PricedCart:
    """A cart at today's prices, with what stands in the way of paying."""

    cart: Cart
    currency: str
    lines: tuple[PricedLine, ...]
    offers: tuple[Offer, ...]
    offer: Offer | None

    @property
    def ships(self) -> bool:
        return any(line.product.ships for line in self.lines)

    @property
    def subtotal_minor(self) -> int:
        return sum(line.total_minor for line in self.lines)

    @property
    def shipping_minor(self) -> int:
        return self.offer.rate.amount_minor if self.offer and self.ships else 0

    @property
    def total_minor(self) -> int:
        return self.subtotal_minor + self.shipping_minor

    @property
    def needs_country(self) -> bool:
        return self.ships and self.offer is None

    @property
    def can_check_out(self) -> bool:
        return bool(self.lines) and not self.needs_country and not any(line.is_short for line in self.lines)

    def fingerprint(self, *, user_id: int | None) -> str:
        """Return a digest that is the same as long as the same person would pay the same for the same."""
        what = [
            self.cart.token,
            [[line.product.sku, line.quantity, line.product.price_minor] for line in self.lines],
            self.currency,
            [self.offer.country, self.offer.rate.pk, self.shipping_minor] if self.offer and self.ships else None,
            user_id,
        ]
        return hashlib.sha256(json.dumps(what).encode()).hexdigest()


def priced(cart: Cart) -> PricedCart:
    """Return `cart` at today's prices; what is not for sale any more is left out. At most six queries."""
    currency = conf.currency()
    wanted = dict(cart.quantities)
    products = {
        product.sku: product for product in Product.objects.with_parts().filter(sku__in=wanted, currency=currency)
    }
    pages: dict[int, ProductPage] = {}
    for page in ProductPage.objects.live().filter(product__in=products.values()).order_by("-path"):
        pages[page.product_id] = page
    if any(product.ships for product in products.values()):
        _count_own_pieces(cart, products.values())
    found = [(products[sku], quantity) for sku, quantity in wanted.items() if sku in products]
    short = _short_of(found)
    lines = tuple(
        PricedLine(
            product=product,
            quantity=quantity,
            most=product.most_in_one_order,
            is_short=quantity > product.most_in_one_order or any(part.pk in short for part, _count in product.parts),
            page=pages.get(product.pk),
        )
        for product, quantity in found
    )
    where = tuple(offers(currency)) if any(product.ships for product, _quantity in found) else ()
    return PricedCart(
        cart=cart,
        currency=currency,
        lines=lines,
        offers=where,
        offer=next((offer for offer in where if offer.country == cart.country), None),
    )


def _count_own_pieces(cart: Cart, products: Iterable[Product]) -> None:
    """Take what this cart's own open checkout holds as free: nobody is told that what is held for them is sold out."""
    own = Reservation.objects.filter(state=Reservation.State.HELD, component__line__order__cart_token=cart.token)
    held = {row["stock"]: row["pieces"] for row in own.order_by().values("stock").annotate(pieces=Sum("quantity"))}
    seen: set[int] = set()
    for part in (part for product in products for part, _count in product.parts):
        stock = getattr(part, "stock", None)
        if stock and stock.pk in held and id(stock) not in seen:
            stock.reserved -= held[stock.pk]  # of this instance, which is never saved
            seen.add(id(stock))


def _short_of(wanted: list[tuple[Product, int]]) -> set[int]:
    # A candle and a bundle with a candle want the same candles.
    needed: dict[int, int] = defaultdict(int)
    pieces: dict[int, int] = {}
    for product, quantity in wanted:
        for part, count in product.parts:
            if part.kind == Product.Kind.PHYSICAL:
                needed[part.pk] += quantity * count
                pieces[part.pk] = part.pieces
    return {pk for pk, count in needed.items() if count > pieces[pk]}
