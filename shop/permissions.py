"""Who may do what in the admin: orders and events are looked at there, never typed in."""

from typing import Any

from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from .models import Order, Product, Stock, StripeEvent


class WithoutActions(ModelPermissionPolicy):
    """Django's permissions, less some actions that nobody has, superusers included."""

    def __init__(self, model: Any, *, refused: frozenset[str]) -> None:
        super().__init__(model)
        self.refused = refused

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action not in self.refused and bool(super().user_has_permission(user, action))

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        allowed = [action for action in actions if action not in self.refused]
        return bool(allowed) and bool(super().user_has_any_permission(user, allowed))


def register_policies() -> None:
    """Tell Wagtail; to be called before its admin looks at the models."""
    for model in (Order, StripeEvent):
        register_permission_policy(model, WithoutActions(model, refused=frozenset({"add", "change", "delete"})))
    register_permission_policy(
        Product, WithoutActions(Product, refused=frozenset({"delete"}))
    )  # orders point at it; untick it instead
    register_permission_policy(Stock, WithoutActions(Stock, refused=frozenset({"add", "delete"})))
