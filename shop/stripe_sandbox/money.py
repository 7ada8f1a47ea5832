"""Amounts as a buyer reads them."""

# https://docs.stripe.com/currencies#zero-decimal and #three-decimal
WITHOUT_DECIMALS = frozenset(
    ("bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf", "xof", "xpf")
)
WITH_THREE = frozenset(("bhd", "jod", "kwd", "omr", "tnd"))


def amount(minor: int, currency: str) -> str:
    """Return `minor` units of `currency`, such as `12.50 EUR`."""
    decimals = 0 if currency in WITHOUT_DECIMALS else 3 if currency in WITH_THREE else 2
    whole, rest = divmod(minor, 10**decimals)
    return f"{whole:,}{f'.{rest:0{decimals}d}' if decimals else ''} {currency.upper()}"
