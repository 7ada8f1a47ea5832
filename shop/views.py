"""The shop's views: read the request, call one rule, answer."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from . import checkout, cookies, stripe_client, webhooks
from .cart import MOST_PIECES, Cart, priced
from .models import CheckoutAttempt, Order, Product, ProductPage, ShopIndexPage
from .orders import code_token, masked
from .same_origin import same_origin_only
from .sync import UnknownButOurs, WrongMode, sync_session

_PLAIN = re.compile(r"[A-Za-z0-9._-]{1,255}")


class NotUnderstood(Exception):
    """Raised for a form that no page of the shop sends."""


def _say(
    request: HttpRequest, status: int, title: str, text: str, *, back: str = "", back_label: str = ""
) -> HttpResponse:
    context = {
        "title": title,
        "text": text,
        "back": back or reverse("anahata_shop:cart"),
        "back_label": back_label or _("To your cart"),
    }
    return _private(render(request, "anahata_shop/message_page.html", context, status=status))


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "same-origin"
    return response


def _from_elsewhere(request: HttpRequest) -> HttpResponse:
    return _say(
        request,
        403,
        _("That did not come from this site"),
        _("Nothing was changed. Please go back to the shop and try again."),
    )


def _not_understood(request: HttpRequest) -> HttpResponse:
    return _say(
        request, 400, _("That was not understood"), _("Nothing was changed. Please go back to the shop and try again.")
    )


def _to_cart() -> HttpResponse:
    return HttpResponseRedirect(reverse("anahata_shop:cart"), status=303)


def _posted_here(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Take posts of this very site alone; whoever only looks, after a reload or by hand, is led to the cart."""
    guarded = require_POST(same_origin_only(refused=_from_elsewhere)(view))

    @wraps(guarded)
    def post_or_cart(request: HttpRequest) -> HttpResponse:
        return _to_cart() if request.method in {"GET", "HEAD"} else guarded(request)

    return post_or_cart


@require_GET
def cart(request: HttpRequest) -> HttpResponse:
    """Show the cart at today's prices, and what stands in the way of paying."""
    shown = priced(cookies.cart_of(request))
    shop = None if shown.lines else ShopIndexPage.objects.live().public().first()
    return _private(render(request, "anahata_shop/cart.html", {"cart": shown, "shop": shop}))


@_posted_here
def add_to_cart(request: HttpRequest) -> HttpResponse:
    return _changed_cart(request, _with_posted_product)


@_posted_here
def update_cart(request: HttpRequest) -> HttpResponse:
    return _changed_cart(request, _with_posted_lines)


@_posted_here
def remove_from_cart(request: HttpRequest) -> HttpResponse:
    return _changed_cart(request, lambda request, cart: cart.with_quantity(request.POST.get("sku", ""), 0))


@transaction.non_atomic_requests
@_posted_here
def check_out(request: HttpRequest) -> HttpResponse:
    """Send the buyer to Stripe: with the cart, or with the one product that "Buy now" names."""
    kept = cookies.cart_of(request)
    try:
        if "sku" in request.POST:  # "Buy now" is about this product alone; the cart stays as it is
            kept = kept.with_country(_posted_country(request) or kept.country)
            wanted = _with_posted_product(request, Cart(token=kept.token, country=kept.country))
        else:
            kept = wanted = _with_posted_lines(request, kept)
    except NotUnderstood:
        return _not_understood(request)
    try:
        outcome = checkout.start(wanted, _buyer(request, back=_came_from(request)))
    except checkout.CannotCheckOut:
        response = _to_cart()
        cookies.keep_cart(request, response, kept if kept is wanted else kept.with_quantity(*wanted.quantities[0]))
        return response
    except stripe_client.PaymentError:
        response = _stripe_is_away(request)
    else:
        response = HttpResponseRedirect(_where_to_go(outcome), status=303)
        cookies.keep_order(request, response, outcome.order)
    cookies.keep_cart(request, response, kept)
    return response


def _changed_cart(request: HttpRequest, change: Callable[[HttpRequest, Cart], Cart]) -> HttpResponse:
    try:
        changed = change(request, cookies.cart_of(request))
    except NotUnderstood:
        return _not_understood(request)
    response = _to_cart()
    cookies.keep_cart(request, response, changed)
    return response


def _where_to_go(outcome: checkout.ToPay | checkout.AlreadyBought) -> str:
    if isinstance(outcome, checkout.ToPay):
        return outcome.url
    return f"{reverse('anahata_shop:checkout-return')}?session_id={outcome.session_id}"


def _stripe_is_away(request: HttpRequest) -> HttpResponse:
    return _say(
        request,
        503,
        _("Paying is not possible just now"),
        _(
            "Our payment service does not answer. Nothing was charged, and your cart is as you left it. Please try again in a few minutes."
        ),
    )


@transaction.non_atomic_requests
@never_cache
@require_GET
def checkout_return(request: HttpRequest) -> HttpResponse:
    """Show what became of a checkout, asking Stripe where no webhook has told yet.

    Someone may hold nothing but the session id: they see no personal data, and no link to the order.
    """
    session_id = _plain(request.GET.get("session_id", ""))
    attempt = (
        CheckoutAttempt.objects.select_related("order").filter(session_id=session_id).first() if session_id else None
    )
    if attempt is None:
        return _say(
            request, 404, _("There is no such checkout"), _("The link may be incomplete. Your cart is as you left it.")
        )
    order, is_asked = attempt.order, True
    if not order.has_paid:
        try:
            order = sync_session(session_id) or order
        except (stripe_client.PaymentError, UnknownButOurs, WrongMode):
            is_asked = False
    attempt.refresh_from_db()
    began = cookies.began(request, order)
    context = {**_shown(request, order), "is_asked": is_asked, "began": began, "pay_url": attempt.url if began else ""}
    response = _private(render(request, "anahata_shop/return_page.html", context))
    kept = cookies.cart_of(request)
    if (
        began
        and kept.token == order.cart_token
        and (order.has_paid or order.payment_state == Order.PaymentState.PROCESSING)
    ):
        cookies.keep_cart(request, response, kept.after_buying({line.sku: line.quantity for line in context["lines"]}))
    return response


@never_cache
@require_GET
def order(request: HttpRequest, public_token: str) -> HttpResponse:
    """Show an order to whoever has its secret link; name and address only to its buyer."""
    found = get_object_or_404(Order, public_token=public_token)
    user_id = _user_id(request)
    is_buyer = cookies.began(request, found) or (user_id is not None and user_id == found.user_id)
    return _private(render(request, "anahata_shop/order_page.html", {**_shown(request, found), "is_buyer": is_buyer}))


@csrf_exempt
@require_POST
def stripe_webhook(request: HttpRequest) -> HttpResponse:
    """Take an event from Stripe. What is not one gets 400; a second delivery gets 200 and changes nothing."""
    try:
        webhooks.receive(request.body, request.headers.get("Stripe-Signature", ""))
    except stripe_client.InvalidEvent:
        return HttpResponse(status=400)
    return HttpResponse(status=200)


def _shown(request: HttpRequest, order: Order) -> dict[str, Any]:
    return {
        "order": order,
        "lines": list(order.lines.prefetch_related("components")),
        "unlocked_pages": order.unlocked_pages() if order.has_paid else [],
        "masked_email": masked(order.email),
        "code_token": code_token(order) if order.has_paid and order.email else "",
    }


def _came_from(request: HttpRequest) -> str:
    """Return where someone who does not pay goes back to: the cart, or the page of what "Buy now" named."""
    if "sku" in request.POST:
        page = ProductPage.objects.live().public().filter(product__sku=_plain(request.POST["sku"])).first()
        if page is not None:
            return page.get_url(request) or reverse("anahata_shop:cart")
    return reverse("anahata_shop:cart")


def _buyer(request: HttpRequest, *, back: str) -> checkout.Buyer:
    user_id = _user_id(request)
    return_url = request.build_absolute_uri(reverse("anahata_shop:checkout-return"))
    return checkout.Buyer(
        return_url=f"{return_url}?session_id={{CHECKOUT_SESSION_ID}}",
        cancel_url=request.build_absolute_uri(back),
        language=get_language() or "",
        user_id=user_id,
        email=str(getattr(request.user, "email", "")) if user_id is not None else "",
    )


def _user_id(request: HttpRequest) -> int | None:
    user = getattr(request, "user", None)
    return user.pk if user is not None and user.is_authenticated else None


def _with_posted_product(request: HttpRequest, cart: Cart) -> Cart:
    product = Product.objects.active().filter(sku=_plain(request.POST.get("sku", ""))).first()
    if product is None:
        raise NotUnderstood
    return cart.with_country(_posted_country(request) or cart.country).with_added(
        product.sku, _quantity(request.POST.get("quantity", "1"))
    )


def _with_posted_lines(request: HttpRequest, cart: Cart) -> Cart:
    for sku, _count in cart.quantities:
        if f"quantity:{sku}" in request.POST:
            cart = cart.with_quantity(sku, _quantity(request.POST[f"quantity:{sku}"], least=0))
    return cart.with_country(_posted_country(request) or cart.country)


def _plain(text: str) -> str:
    """Return an id as it is, or nothing where it cannot be one: PostgreSQL takes no NUL, and nobody needs to look."""
    return text if _PLAIN.fullmatch(text) else ""


def _posted_country(request: HttpRequest) -> str:
    country = request.POST.get("country", "")
    return country if len(country) == 2 and country.isascii() and country.isupper() else ""


def _quantity(text: str, *, least: int = 1) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and least <= int(text) <= MOST_PIECES):
        raise NotUnderstood
    return int(text)
