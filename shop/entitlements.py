"""Who may use what. `has_access` and `claim` are what a site names in its settings and calls at sign-in."""

from typing import Any
from uuid import UUID

from django.db import transaction
from wagtail.models import Page

from .models import Entitlement, Order, SoldComponent
from .models.orders import normalised


def has_access(user: Any, guide_key: str) -> bool:
    """Whether `user` bought something that unlocks the page with this translation key; one query, none for visitors."""
    if not getattr(user, "is_authenticated", False):
        return False
    try:
        key = UUID(str(guide_key))
    except ValueError:
        return False
    return Entitlement.objects.filter(user_id=user.pk, translation_key=key, state=Entitlement.State.ACTIVE).exists()


def claim(user: Any, verified_email: str) -> int:
    """Give `user` what was bought with an address that they have just proved to be theirs.

    Return how many orders and entitlements changed hands; a second call finds none.
    """
    email = normalised(verified_email)
    if not email:
        return 0
    with transaction.atomic():
        orders = Order.objects.filter(user=None, email=email).update(user_id=user.pk)
        return orders + Entitlement.objects.filter(user=None, email=email).update(user_id=user.pk)


def grant_for(order: Order) -> None:
    """Open what the order's parts unlock, for its buyer or until an account claims its address; safe to repeat."""
    components = SoldComponent.objects.filter(line__order=order)
    keys = {key for component in components for key in component.unlock_keys}
    pages = {str(page.translation_key): page for page in Page.objects.filter(translation_key__in=keys).order_by("-pk")}
    for component in components:
        for key in component.unlock_keys:
            Entitlement.objects.get_or_create(
                component=component,
                translation_key=key,
                defaults={"user_id": order.user_id, "email": order.email, "page": pages.get(key)},
            )
