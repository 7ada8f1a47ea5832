"""What follows from a code that was entered."""

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.signals import authentication_step_completed, user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from . import proof
from .addresses import note_address
from .models import User


@receiver(authentication_step_completed, dispatch_uid="anahata_accounts_note_address")
def note_address_of_code(sender: type[User], user: User, method: str, **kwargs: Any) -> None:
    """See that there is a row for allauth to mark as verified, for accounts that staff made too."""
    if method == "code":
        note_address(user)


@receiver(user_logged_in, dispatch_uid="anahata_accounts_mark_fresh")
def count_sign_in_as_proof(sender: type[User], request: HttpRequest, user: User, **kwargs: Any) -> None:
    records = get_authentication_records(request, user)
    if records and records[-1]["method"] == "code":
        proof.mark_fresh(request.session, user.pk)
