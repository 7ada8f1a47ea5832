"""The two signed cookies: the cart, and the orders that this browser began. Neither needs a session."""

from django.core import signing
from django.http import HttpRequest, HttpResponse

from .cart import KEPT_SECONDS, Cart
from .models import Order

CART = "anahata_cart"
ORDERS = "anahata_orders"
_SALT = "anahata_shop.orders"
_MOST_ORDERS = 10


def cart_of(request: HttpRequest) -> Cart:
    """Return the browser's cart, or an empty one."""
    return Cart.loads(request.COOKIES.get(CART, ""))


def keep_cart(request: HttpRequest, response: HttpResponse, cart: Cart) -> None:
    _set(request, response, CART, cart.dumps())


def began(request: HttpRequest, order: Order) -> bool:
    """Whether this browser began the order; knowing a link or a session id is less than that."""
    return order.public_token in _orders(request)


def keep_order(request: HttpRequest, response: HttpResponse, order: Order) -> None:
    """Remember that this browser began the order."""
    tokens = [order.public_token, *(token for token in _orders(request) if token != order.public_token)]
    _set(request, response, ORDERS, signing.dumps(tokens[:_MOST_ORDERS], salt=_SALT))


def _orders(request: HttpRequest) -> list[str]:
    try:
        return list(signing.loads(request.COOKIES.get(ORDERS, ""), salt=_SALT, max_age=KEPT_SECONDS))
    except signing.BadSignature:
        return []


def _set(request: HttpRequest, response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=KEPT_SECONDS, httponly=True, samesite="Lax", secure=request.is_secure())
