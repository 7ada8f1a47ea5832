"""What the shop keeps: what is sold, how many there are, who bought what, and what Stripe said about it."""

from .catalogue import BundleComponent, Product, ProductPage, ProductUnlock, ShopIndexPage
from .delivery import ShippingCountry, ShippingRate, ShippingZone
from .entitlements import Entitlement
from .inbox import StripeEvent
from .orders import Order, OrderLine, OutboxMail, SoldComponent
from .payments import CheckoutAttempt, Payment
from .stock import Reservation, Stock, StockMovement

__all__ = [
    "BundleComponent",
    "CheckoutAttempt",
    "Entitlement",
    "Order",
    "OrderLine",
    "OutboxMail",
    "Payment",
    "Product",
    "ProductPage",
    "ProductUnlock",
    "Reservation",
    "ShippingCountry",
    "ShippingRate",
    "ShippingZone",
    "ShopIndexPage",
    "SoldComponent",
    "Stock",
    "StockMovement",
    "StripeEvent",
]
