"""What the site does at each sign-in: purchases made with the same address as a guest become the account's own."""

import logging
from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.db import transaction
from django.dispatch import receiver

from accounts.addresses import verified_address
from accounts.models import User
from shop.entitlements import claim

logger = logging.getLogger(__name__)


@receiver(user_logged_in, dispatch_uid="anahata_site_claim_purchases")
def claim_purchases(sender: type[User], user: User, **kwargs: Any) -> None:
    """Claim by the proven address only. A failure is logged and waits for the next sign-in; it keeps nobody out."""
    address = verified_address(user)
    if address is None:
        return
    try:
        with transaction.atomic():
            claim(user, address)
    except Exception as error:  # noqa: BLE001 - whatever it is, the person signs in
        # Without the error's own words: a database's message quotes the address.
        logger.error("Claiming the purchases of user %s failed: %s.", user.pk, type(error).__name__)
