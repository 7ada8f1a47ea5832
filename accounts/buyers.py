"""Accounts for people who bought as guests."""

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from .addresses import note_address
from .models import User


def buyer_for_email(email: str) -> User | None:
    """Return the account of `email`, made without a password and with the address unverified if there is none.

    Safe to repeat and to race. None for a deactivated account and for what is no address.
    Nobody is signed in by this: only the code sent to the address does that.
    """
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        return None
    user, is_new = User.objects.get_or_create(email=address, defaults={"password": make_password(None)})
    if not user.is_active:
        return None
    if is_new:
        note_address(user)
    return user
