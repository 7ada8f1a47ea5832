"""What may be said of an order, and to whom."""

from django.core import signing

from .models import Order

_CODE_SALT = "anahata_shop.code"
CODE_TOKEN_SECONDS = 3600


def masked(email: str) -> str:
    """Return the address so that its owner knows it and nobody else learns it, such as m•••@e•••.org; empty stays empty."""
    name, _at, domain = email.rpartition("@")
    if not name:
        return ""
    host, _dot, ending = domain.rpartition(".")
    return f"{name[0]}•••@{host[:1]}•••.{ending}"


def code_token(order: Order) -> str:
    """Return a signed token, good for an hour, by which the site may send a sign-in code to the order's address."""
    return signing.TimestampSigner(salt=_CODE_SALT).sign(order.number)


def email_for_code_token(token: str) -> str | None:
    """Return the address that `code_token` stands for; None where it is forged, older than an hour, or nobody's yet."""
    try:
        number = signing.TimestampSigner(salt=_CODE_SALT).unsign(token, max_age=CODE_TOKEN_SECONDS)
    except signing.BadSignature:
        return None
    return Order.objects.filter(number=number).exclude(email="").values_list("email", flat=True).first()
