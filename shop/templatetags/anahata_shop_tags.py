"""Filters of the shop's templates."""

from django import template

from ..models.delivery import country_name
from ..money import formatted

register = template.Library()


@register.filter
def money(minor: int, currency: str) -> str:
    """Return an amount in the smallest unit as people write it: `{{ order.total_minor|money:order.currency }}`."""
    return formatted(minor, currency)


@register.filter
def country(code: str) -> str:
    """Return the country's name in the reader's language."""
    return country_name(code)
