"""Addresses: written down, and proven."""

from allauth.account.models import EmailAddress
from django.db import transaction

from .models import User


def note_address(user: User) -> None:
    """Keep `user.email` as the one address of `user`, unverified if it is new. Safe to repeat.

    The address of an account is the login; rows left from an address that was changed would keep
    opening the account, and would stop the next owner of that address from proving it.
    """
    with transaction.atomic():
        EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
        EmailAddress.objects.filter(email=user.email).exclude(user=user).delete()
        EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"primary": True})


def verified_address(user: User) -> str | None:
    """Return the address of `user` if they proved that they read its mail."""
    return user.email if EmailAddress.objects.filter(user=user, email=user.email, verified=True).exists() else None
