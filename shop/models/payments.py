"""What was asked of Stripe for an order, and the money that came."""

import json
import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .orders import Order


class CheckoutAttempt(models.Model):
    """One Checkout Session of an order, written before Stripe is called so that a crash in between repeats the same request."""

    class Status(models.TextChoices):
        CREATED = "created", _("not confirmed by Stripe yet")
        OPEN = "open", _("open")
        COMPLETE = "complete", _("complete")
        EXPIRED = "expired", _("expired")
        FAILED = "failed", _("refused by Stripe")

    STANDING = (Status.CREATED, Status.OPEN)

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="attempts")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    fingerprint = models.CharField(max_length=64)
    # Text, not JSON: PostgreSQL sorts the keys of JSON, and the same idempotency key must come with the same bytes.
    params_json = models.TextField()
    session_id = models.CharField(max_length=255, unique=True, null=True, blank=True)  # empty until Stripe answers
    url = models.TextField(blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.CREATED)
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("checkout attempt")
        verbose_name_plural = _("checkout attempts")
        ordering = ["pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["status", "expires_at"], name="anahata_shop_attempt_stale")]
        constraints = [
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(status__in=["created", "open"]),
                name="anahata_shop_checkoutattempt_one_open_an_order",
            ),
        ]

    def __str__(self) -> str:
        return str(self.key)

    @property
    def params(self) -> dict[str, Any]:
        """What Stripe is asked for, in the order it was written."""
        params: dict[str, Any] = json.loads(self.params_json)
        return params


class Payment(models.Model):
    """Money that Stripe says it took for an order."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="payments")
    stripe_payment_intent_id = models.CharField(max_length=255, unique=True)
    amount_minor = models.BigIntegerField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    livemode = models.BooleanField(_("real money"))
    paid_at = models.DateTimeField(_("paid"))

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["pk"]
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gte=0), name="anahata_shop_payment_not_negative")
        ]

    def __str__(self) -> str:
        return self.stripe_payment_intent_id
