"""How many there are, how many of them are held for someone who is paying, and why the number changed."""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .catalogue import Product


class StockQuerySet(models.QuerySet["Stock"]):
    """Every change is one guarded UPDATE: reading first and writing then sold 17 of 5."""

    def hold(self, product_id: int, quantity: int) -> bool:
        """Hold `quantity` for someone who is paying; False, and nothing changed, where fewer are free."""
        return bool(
            self.filter(product_id=product_id, on_hand__gte=F("reserved") + quantity).update(
                reserved=F("reserved") + quantity
            )
        )

    def let_go(self, stock_id: int, quantity: int) -> bool:
        """Free what was held."""
        return bool(self.filter(pk=stock_id, reserved__gte=quantity).update(reserved=F("reserved") - quantity))

    def take(self, stock_id: int, quantity: int) -> bool:
        """Take what was held off the shelf."""
        return bool(
            self.filter(pk=stock_id, reserved__gte=quantity).update(
                reserved=F("reserved") - quantity, on_hand=F("on_hand") - quantity
            )
        )

    def change(self, stock_id: int, delta: int) -> bool:
        """Put pieces on the shelf or take free ones off; False where that would take what is held."""
        return bool(self.filter(pk=stock_id, on_hand__gte=F("reserved") - delta).update(on_hand=F("on_hand") + delta))


class Stock(models.Model):
    """How many pieces of a product are on the shelf, and how many of those are held."""

    product = models.OneToOneField(Product, verbose_name=_("product"), on_delete=models.CASCADE, related_name="stock")
    on_hand = models.PositiveIntegerField(_("on the shelf"), default=0)
    reserved = models.PositiveIntegerField(_("held for open checkouts"), default=0)
    low_at = models.PositiveIntegerField(
        _("low at"), default=3, help_text=_("Say so in the admin at this number or below.")
    )

    objects = StockQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("stock")
        verbose_name_plural = _("stock")
        ordering = ["product__name"]
        default_permissions = ("change", "view")
        constraints = [
            models.CheckConstraint(
                condition=Q(reserved__gte=0, reserved__lte=F("on_hand")), name="anahata_shop_stock_never_oversold"
            ),
        ]

    def __str__(self) -> str:
        return str(self.product)

    @property
    def available(self) -> int:
        """How many can be promised to the next buyer."""
        return self.on_hand - self.reserved


class Reservation(models.Model):
    """Pieces held for a sold component, from the start of a checkout until it is paid or over."""

    class State(models.TextChoices):
        HELD = "held", _("held")
        CONSUMED = "consumed", _("sold")
        RELEASED = "released", _("released")

    stock = models.ForeignKey(Stock, on_delete=models.PROTECT, related_name="reservations")
    component = models.ForeignKey("anahata_shop.SoldComponent", on_delete=models.CASCADE, related_name="reservations")
    quantity = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.HELD)
    created_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("reservation")
        verbose_name_plural = _("reservations")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["component"],
                condition=Q(state__in=["held", "consumed"]),
                name="anahata_shop_reservation_one_standing_a_component",
            ),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="anahata_shop_reservation_some"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.stock_id}, {self.state}"


class StockMovement(models.Model):
    """Why the number on the shelf changed. Rows are added, never changed: their sum is the stock."""

    class Reason(models.TextChoices):
        RECEIVED = "received", _("received")
        SOLD = "sold", _("sold")
        RETURNED = "returned", _("came back")
        CORRECTED = "corrected", _("counted anew")
        LOST = "lost", _("broken or lost")

    stock = models.ForeignKey(Stock, on_delete=models.PROTECT, related_name="movements")
    delta = models.IntegerField(_("change"))
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices)
    note = models.CharField(_("note"), max_length=200, blank=True)
    order = models.ForeignKey(
        "anahata_shop.Order", null=True, blank=True, on_delete=models.PROTECT, related_name="stock_movements"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("stock movement")
        verbose_name_plural = _("stock movements")
        ordering = ["-pk"]
        default_permissions = ("view",)
        constraints = [models.CheckConstraint(condition=~Q(delta=0), name="anahata_shop_stockmovement_moves")]

    def __str__(self) -> str:
        return f"{self.delta:+d} {self.stock_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("A stock movement is never changed; add one that corrects it.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("A stock movement is never deleted; add one that corrects it.")
