"""Delete a journal. A user who wrote one cannot be deleted before."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from .keyring import profile_of
from .models import Answer, Keyring


@transaction.atomic
def erase(user: Any) -> int:
    """Destroy the key of the user's journal, delete what it held, and return how many answers that were.

    The key goes first and for good: what is left of the texts in a back-up opens no more, unless that back-up holds
    the wrapped key too. Safe to repeat; someone without a journal loses nothing.
    """
    profile = profile_of(user)
    if profile is None:
        return 0
    Keyring.objects.filter(subject=profile.subject).update(wrapped_key=b"", destroyed_at=timezone.now())
    answers = Answer.objects.filter(profile=profile).count()
    profile.delete()
    return int(answers)
