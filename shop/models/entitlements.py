"""Who may use what, because it was bought."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from .orders import SoldComponent


class Entitlement(models.Model):
    """Someone's right to a page, in every language, by one sold component.

    Bought twice it is there twice: losing one leaves the other. Until an account claims it, the address holds it.
    """

    class State(models.TextChoices):
        ACTIVE = "active", _("active")
        SUSPENDED = "suspended", _("suspended")
        REVOKED = "revoked", _("revoked")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    email = models.EmailField(_("e-mail address"), blank=True)
    page = models.ForeignKey("wagtailcore.Page", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    translation_key = models.UUIDField()
    component = models.ForeignKey(SoldComponent, on_delete=models.PROTECT, related_name="entitlements")
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACTIVE)
    reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("entitlement")
        verbose_name_plural = _("entitlements")
        ordering = ["pk"]
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["user", "translation_key"], name="anahata_shop_right_of_user"),
            models.Index(fields=["email"], condition=Q(user=None), name="anahata_shop_right_unclaimed"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["component", "translation_key"], name="anahata_shop_entitlement_once_a_component"
            ),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="anahata_shop_entitlement_email_lower_case"),
        ]

    def __str__(self) -> str:
        return f"{self.translation_key} {self.state}"
