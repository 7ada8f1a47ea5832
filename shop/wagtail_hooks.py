"""What the shop adds to Wagtail's admin."""

from typing import Any

from wagtail import hooks

from .viewsets import ShopGroup


@hooks.register("register_admin_viewset")
def register_shop() -> Any:
    return ShopGroup()
