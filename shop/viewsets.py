"""The shop in Wagtail's admin."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import InspectView
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet

from .forms import ProductForm, StockForm
from .models import Order, Product, ShippingZone, Stock, StripeEvent
from .money import formatted


class ProductViewSet(ModelViewSet):
    model = Product
    icon = "tag"
    copy_view_enabled = False
    list_display = [
        "name",
        "sku",
        "kind",
        Column("price_minor", label=_("Price"), accessor=lambda row: formatted(row.price_minor, row.currency)),
        "active",
    ]
    list_filter = ["kind", "active"]
    search_fields = ["name", "sku"]

    def get_edit_handler(self):  # type: ignore[no-untyped-def]  # Wagtail's own has no types
        handler = super().get_edit_handler()
        handler.base_form_class = ProductForm
        return handler


class StockViewSet(ModelViewSet):
    model = Stock
    icon = "list-ul"
    copy_view_enabled = False
    add_to_reference_index = False
    list_display = ["product", "on_hand", "reserved", Column("available", label=_("Free"))]
    panels = [
        FieldPanel("on_hand", read_only=True),
        FieldPanel("reserved", read_only=True),
        FieldPanel("change"),
        FieldPanel("reason"),
        FieldPanel("note"),
        FieldPanel("low_at"),
    ]

    def get_edit_handler(self):  # type: ignore[no-untyped-def]  # Wagtail's own has no types
        handler = super().get_edit_handler()
        handler.base_form_class = StockForm
        return handler


class ShippingZoneViewSet(ModelViewSet):
    model = ShippingZone
    icon = "globe"
    copy_view_enabled = False
    list_display = ["name"]


class OrderInspectView(InspectView):
    """An order as whoever packs it reads it: what was bought, money in its currency, the address in one line."""

    def get_fields_context(self) -> list[dict[str, Any]]:
        bought = ", ".join(f"{line.quantity} × {line.name}" for line in self.object.lines.all())
        return [{"label": _("Bought"), "value": bought, "component": None}, *super().get_fields_context()]

    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        if field_name.endswith("_minor"):
            return formatted(getattr(self.object, field_name), self.object.currency)
        if field_name == "shipping_address":
            address = self.object.shipping_address
            parts = ("name", "line1", "line2", "postal_code", "city", "state", "country")
            return ", ".join(address[part] for part in parts if address.get(part)) or "-"
        return super().get_field_display_value(field_name, field)


class OrderViewSet(ModelViewSet):
    model = Order
    inspect_view_class = OrderInspectView
    icon = "doc-full"
    copy_view_enabled = False
    inspect_view_enabled = True
    add_to_reference_index = False
    inspect_view_fields_exclude = ["public_token", "cart_token"]
    list_display = [
        TitleColumn("number", label=_("Number"), url_name="anahata_shop_orders:inspect"),
        "placed_at",
        Column("total_minor", label=_("Total"), accessor=lambda row: formatted(row.total_minor, row.currency)),
        Column("get_payment_state_display", label=_("Payment")),
        Column("get_fulfilment_state_display", label=_("Posting")),
        "needs_attention",
    ]
    list_filter = ["payment_state", "fulfilment_state", "needs_attention"]
    search_fields = ["number", "email"]
    form_fields = ["payment_state"]


class StripeEventViewSet(ModelViewSet):
    model = StripeEvent
    icon = "mail"
    copy_view_enabled = False
    inspect_view_enabled = True
    add_to_reference_index = False
    list_display = [
        TitleColumn("type", label=_("Type"), url_name="anahata_shop_events:inspect"),
        "received_at",
        Column("get_state_display", label=_("State")),
        "attempts",
        "error",
    ]
    list_filter = ["state", "type"]
    search_fields = ["event_id", "object_id"]
    form_fields = ["type"]


class ShopGroup(ViewSetGroup):
    """Everything of the shop under one heading."""

    menu_label = _("Shop")
    menu_icon = "tag"
    menu_order = 300
    items = (
        OrderViewSet("anahata_shop_orders"),
        ProductViewSet("anahata_shop_products"),
        StockViewSet("anahata_shop_stock"),
        ShippingZoneViewSet("anahata_shop_zones"),
        StripeEventViewSet("anahata_shop_events"),
    )
