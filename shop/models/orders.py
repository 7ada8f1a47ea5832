"""What was bought, as it was at that moment, and where it stands."""

import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from .catalogue import Product

# Neither 0, 1, I, L, O nor U: a number is read out on the telephone.
NUMBER_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_order_number() -> str:
    """Return a number such as 7K3M-9QXW that says nothing about how many orders there are."""
    letters = "".join(secrets.choice(NUMBER_ALPHABET) for _position in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def normalised(email: str) -> str:
    """Return the address as orders and entitlements keep it."""
    return email.strip().lower()


class Order(models.Model):
    """An order. Payment and fulfilment are two axes: a paid order may not be posted yet, a posted one be refunded."""

    class PaymentState(models.TextChoices):
        AWAITING = "awaiting", _("not paid yet")
        PROCESSING = "processing", _("payment on its way")
        PAID = "paid", _("paid")
        PART_REFUNDED = "part_refunded", _("refunded in part")
        REFUNDED = "refunded", _("refunded")
        EXPIRED = "expired", _("never paid")
        FAILED = "failed", _("payment failed")
        CANCELLED = "cancelled", _("cancelled")

    class FulfilmentState(models.TextChoices):
        NONE_NEEDED = "none_needed", _("nothing to post")
        UNFULFILLED = "unfulfilled", _("to be posted")
        PARTIAL = "partial", _("posted in part")
        SHIPPED = "shipped", _("posted")
        DELIVERED = "delivered", _("arrived")

    # From where to where a payment may go; what is not here is refused. Money that comes late is still money.
    PAYMENT_TRANSITIONS: ClassVar[dict[str, frozenset[str]]] = {
        PaymentState.PROCESSING: frozenset({PaymentState.AWAITING, PaymentState.EXPIRED, PaymentState.CANCELLED}),
        PaymentState.PAID: frozenset(
            {
                PaymentState.AWAITING,
                PaymentState.PROCESSING,
                PaymentState.EXPIRED,
                PaymentState.FAILED,
                PaymentState.CANCELLED,
            }
        ),
        PaymentState.EXPIRED: frozenset({PaymentState.AWAITING}),
        PaymentState.FAILED: frozenset({PaymentState.AWAITING, PaymentState.PROCESSING}),
        PaymentState.CANCELLED: frozenset({PaymentState.AWAITING, PaymentState.PROCESSING}),
    }

    number = models.CharField(_("number"), max_length=9, unique=True, editable=False)
    public_token = models.CharField(max_length=43, unique=True, editable=False)
    cart_token = models.CharField(max_length=32, blank=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    email = models.EmailField(_("e-mail address"), blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    subtotal_minor = models.BigIntegerField(_("goods"))
    discount_minor = models.BigIntegerField(_("discount"), default=0)
    shipping_minor = models.BigIntegerField(_("delivery"), default=0)
    tax_minor = models.BigIntegerField(_("tax in it"), default=0)
    total_minor = models.BigIntegerField(_("total"))
    payment_state = models.CharField(
        _("payment"), max_length=14, choices=PaymentState.choices, default=PaymentState.AWAITING
    )
    fulfilment_state = models.CharField(
        _("posting"), max_length=12, choices=FulfilmentState.choices, default=FulfilmentState.NONE_NEEDED
    )
    needs_attention = models.BooleanField(_("needs attention"), default=False)
    attention_reason = models.CharField(_("why"), max_length=200, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    shipping_address = models.JSONField(_("delivery address"), default=dict, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    livemode = models.BooleanField(_("real money"))
    placed_at = models.DateTimeField(_("placed"), default=timezone.now)
    paid_at = models.DateTimeField(_("paid"), null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        ordering = ["-placed_at", "-pk"]
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["email"], name="anahata_shop_order_email"),
            models.Index(fields=["cart_token"], name="anahata_shop_order_cart"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["cart_token"],
                condition=Q(payment_state="awaiting") & ~Q(cart_token=""),
                name="anahata_shop_order_one_open_a_cart",
            ),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="anahata_shop_order_email_lower_case"),
            models.CheckConstraint(
                condition=Q(
                    subtotal_minor__gte=0,
                    discount_minor__gte=0,
                    shipping_minor__gte=0,
                    tax_minor__gte=0,
                    total_minor__gte=0,
                ),
                name="anahata_shop_order_amounts_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def has_paid(self) -> bool:
        return self.payment_state in {
            self.PaymentState.PAID,
            self.PaymentState.PART_REFUNDED,
            self.PaymentState.REFUNDED,
        }

    @property
    def ships(self) -> bool:
        """Whether something of it is posted."""
        return self.fulfilment_state != self.FulfilmentState.NONE_NEEDED

    def move_payment(self, state: "Order.PaymentState") -> bool:
        """Set the payment's state where that is allowed from the present one; the caller locks and saves."""
        if self.payment_state not in self.PAYMENT_TRANSITIONS[state]:
            return False
        self.payment_state = state
        return True

    def flag(self, reason: str) -> None:
        """Ask staff to look; the caller saves. The first reason stays."""
        if not self.needs_attention:
            self.needs_attention, self.attention_reason = True, reason

    def unlocked_pages(self) -> list[Page]:
        """Return the live pages that the order's standing entitlements open; one query."""
        from .entitlements import Entitlement

        keys = Entitlement.objects.filter(component__line__order=self, state=Entitlement.State.ACTIVE).values(
            "translation_key"
        )
        return list(Page.objects.live().filter(translation_key__in=keys).order_by("path"))


class OrderLine(models.Model):
    """What was bought at which price, as it was then."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    sku = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    tax_code = models.CharField(max_length=20, blank=True)
    unit_price_minor = models.BigIntegerField()
    quantity = models.PositiveIntegerField()
    total_minor = models.BigIntegerField()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("order line")
        verbose_name_plural = _("order lines")
        ordering = ["order_id", "position"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="anahata_shop_orderline_position"),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, unit_price_minor__gte=0), name="anahata_shop_orderline_some"
            ),
            models.CheckConstraint(
                condition=Q(total_minor=models.F("unit_price_minor") * models.F("quantity")),
                name="anahata_shop_orderline_total",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.name}"


class SoldComponent(models.Model):
    """One part of a line as it was sold: stock, refunds and entitlements hang on it, so that a candle sent back is not a journal lost."""

    line = models.ForeignKey(OrderLine, on_delete=models.CASCADE, related_name="components")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    sku = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=Product.Kind.choices)
    quantity = models.PositiveIntegerField()
    share_minor = models.BigIntegerField()  # of the line's total; all shares of a line add up to it
    unlock_keys = models.JSONField(default=list)  # translation keys as strings

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("sold part")
        verbose_name_plural = _("sold parts")
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["line", "product"], name="anahata_shop_soldcomponent_once_a_line"),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, share_minor__gte=0), name="anahata_shop_soldcomponent_some"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.name}"


class OutboxMail(models.Model):
    """A mail that an order owes its buyer, written with what caused it; at most one of each kind."""

    class Kind(models.TextChoices):
        CONFIRMED = "confirmed", _("order confirmed")

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="mails")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        default_permissions = ()
        indexes = [models.Index(fields=["next_try_at"], condition=Q(sent_at=None), name="anahata_shop_mail_waiting")]
        constraints = [models.UniqueConstraint(fields=["order", "kind"], name="anahata_shop_outboxmail_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.order_id}"
