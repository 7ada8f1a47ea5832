"""Accounts that may do everything."""

from .models import User


def ensure_superuser(email: str) -> User:
    """Return the active superuser of `email`, making or raising the account as needed. Safe to repeat.

    Raises:
        ValueError: `email` is empty.

    """
    address = email.strip().lower()
    user = User.objects.filter(email=address).first()
    if user is None:
        return User.objects.create_superuser(address)
    if not (user.is_active and user.is_staff and user.is_superuser):
        user.is_active = user.is_staff = user.is_superuser = True
        user.save(update_fields=["is_active", "is_staff", "is_superuser"])
    return user
