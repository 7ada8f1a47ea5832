"""What Stripe told us, kept until it is dealt with."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class StripeEventQuerySet(models.QuerySet["StripeEvent"]):
    """Events, as the worker asks for them."""

    def waiting(self, now: datetime) -> "StripeEventQuerySet":
        """Keep what is to be handled by now, oldest first."""
        return self.filter(
            state__in=[StripeEvent.State.RECEIVED, StripeEvent.State.FAILED], next_try_at__lte=now
        ).order_by("pk")


class StripeEvent(models.Model):
    """An event from Stripe, stored once. It is a hint: what it is about is asked of Stripe again, so its content is not kept."""

    class State(models.TextChoices):
        RECEIVED = "received", _("waiting")
        DONE = "done", _("done")
        FAILED = "failed", _("failed, tried again")
        IGNORED = "ignored", _("nothing to do")

    event_id = models.CharField(_("event"), max_length=255, unique=True)
    type = models.CharField(_("type"), max_length=100)
    object_id = models.CharField(_("about"), max_length=255, blank=True)
    api_version = models.CharField(_("API version"), max_length=40, blank=True)
    livemode = models.BooleanField(_("real money"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.RECEIVED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(_("next try"), default=timezone.now)
    error = models.CharField(_("what failed"), max_length=200, blank=True)
    received_at = models.DateTimeField(_("received"), auto_now_add=True)
    handled_at = models.DateTimeField(_("handled"), null=True, blank=True)

    objects = StripeEventQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("Stripe event")
        verbose_name_plural = _("Stripe events")
        ordering = ["-pk"]
        default_permissions = ("view",)
        indexes = [
            models.Index(
                fields=["next_try_at"], condition=Q(state__in=["received", "failed"]), name="anahata_shop_event_waiting"
            )
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.event_id}"
