"""Amounts for people. The database and Stripe count in the smallest unit."""

from decimal import Decimal

from babel.numbers import format_currency, get_currency_precision
from django.utils.translation import get_language, to_locale

# Stripe counts these in hundredths although they have none: https://docs.stripe.com/currencies#special-cases
STRIPE_EXPONENTS = {"ISK": 2, "UGX": 2}


def exact(minor: int, currency: str) -> Decimal:
    """Return the amount in whole units, with all the currency's decimals: 24.00."""
    return Decimal(minor).scaleb(-STRIPE_EXPONENTS.get(currency, get_currency_precision(currency)))


def formatted(minor: int, currency: str) -> str:
    """Return the amount with its sign in the reader's language, such as €24.00."""
    return str(format_currency(exact(minor, currency), currency, locale=to_locale(get_language() or "en")))
