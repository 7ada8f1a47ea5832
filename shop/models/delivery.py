"""Where parcels go, and for how much."""

from dataclasses import dataclass

from babel import Locale
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel

from .. import conf

# https://docs.stripe.com/api/checkout/sessions/create, shipping_address_collection.allowed_countries
NOT_SERVED_BY_CHECKOUT = {
    "AS",
    "CX",
    "CC",
    "CU",
    "HM",
    "IR",
    "KP",
    "MH",
    "FM",
    "NF",
    "MP",
    "PW",
    "SD",
    "SY",
    "UM",
    "VI",
}


def country_name(code: str) -> str:
    """Return the country's name in the reader's language, or the code where it has none."""
    locale = Locale.parse(to_locale(get_language() or "en"))
    return str(locale.territories.get(code, code))


class ShippingZone(ClusterableModel):
    """Countries that a parcel costs the same to."""

    name = models.CharField(_("name"), max_length=80, unique=True)

    panels = [
        FieldPanel("name"),
        InlinePanel("countries", heading=_("Countries"), label=_("Country"), min_num=1),
        InlinePanel("rates", heading=_("Rates"), label=_("Rate")),
    ]

    class Meta:
        verbose_name = _("shipping zone")
        verbose_name_plural = _("shipping zones")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ShippingCountry(models.Model):
    """A country, in one zone at most."""

    zone = ParentalKey(ShippingZone, on_delete=models.CASCADE, related_name="countries")
    code = models.CharField(_("country"), max_length=2, unique=True, help_text=_("Two capital letters, such as DE."))

    panels = [FieldPanel("code")]

    class Meta:
        verbose_name = _("country")
        verbose_name_plural = _("countries")
        ordering = ["code"]
        default_permissions = ()

    def __str__(self) -> str:
        return country_name(self.code)

    def clean(self) -> None:
        super().clean()
        if len(self.code) != 2 or self.code not in Locale("en").territories:
            raise ValidationError({"code": _("There is no country with this code.")})
        if self.code in NOT_SERVED_BY_CHECKOUT:
            raise ValidationError({"code": _("Stripe's checkout takes no address in this country.")})


class ShippingRate(models.Model):
    """What sending a parcel into a zone costs, whatever is in it. The cheapest active one is offered."""

    zone = ParentalKey(ShippingZone, on_delete=models.CASCADE, related_name="rates")
    name = models.CharField(_("name"), max_length=80, help_text=_("Buyers see it, such as: Letter post."))
    amount_minor = models.BigIntegerField(
        _("price"), help_text=_("In the smallest unit: 490 is 4.90. Tax is included.")
    )
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    min_days = models.PositiveSmallIntegerField(_("working days, at least"), default=2)
    max_days = models.PositiveSmallIntegerField(_("working days, at most"), default=5)
    active = models.BooleanField(_("offered"), default=True)

    panels = [
        FieldRowPanel([FieldPanel("name"), FieldPanel("active")]),
        FieldRowPanel([FieldPanel("amount_minor"), FieldPanel("currency")]),
        FieldRowPanel([FieldPanel("min_days"), FieldPanel("max_days")]),
    ]

    class Meta:
        verbose_name = _("shipping rate")
        verbose_name_plural = _("shipping rates")
        ordering = ["amount_minor", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount_minor__gte=0), name="anahata_shop_shippingrate_not_negative"
            ),
            models.CheckConstraint(
                condition=models.Q(min_days__gte=1, max_days__gte=models.F("min_days")),
                name="anahata_shop_shippingrate_days_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        if self.currency != conf.currency():
            # It would be offered to nobody.
            raise ValidationError({"currency": _("Everything here is sold in one currency: %s.") % conf.currency()})


@dataclass(frozen=True, kw_only=True)
class Offer:
    """Delivery to one country: the rate, and all countries that share its zone."""

    country: str
    rate: ShippingRate
    zone_countries: tuple[str, ...]

    @property
    def name(self) -> str:
        return country_name(self.country)


def offers(currency: str) -> list[Offer]:
    """Return what delivery costs to each country that parcels go to, the nearest (the cheapest) first; two queries."""
    cheapest: dict[int, ShippingRate] = {}
    for rate in ShippingRate.objects.filter(active=True, currency=currency).order_by("-amount_minor", "-pk"):
        cheapest[rate.zone_id] = rate
    codes: dict[int, list[str]] = {zone_id: [] for zone_id in cheapest}
    for zone_id, code in ShippingCountry.objects.filter(zone__in=cheapest).values_list("zone_id", "code"):
        codes[zone_id].append(code)
    found = [
        Offer(country=code, rate=cheapest[zone_id], zone_countries=tuple(codes[zone_id]))
        for zone_id in codes
        for code in codes[zone_id]
    ]
    return sorted(found, key=lambda offer: (offer.rate.amount_minor, offer.name))
