"""Open a writer's journal: the profile, and the key that its texts are sealed by."""

from typing import Any
from uuid import uuid4

from .crypto import KeyDestroyed, Vault, new_wrapped_key, unwrap
from .models import JournalProfile, Keyring


def locked_profile_for(user: Any) -> JournalProfile:
    """Return the user's journal, begun with a key of its own if it is new, locked until the transaction ends.

    Whoever writes takes this lock first, so that two saves of one writer never meet.
    """
    profile, is_new = JournalProfile.objects.select_for_update().get_or_create(
        user_id=user.pk, defaults={"subject": uuid4()}
    )
    if is_new:
        master_key_id, wrapped_key = new_wrapped_key(profile.subject)
        Keyring.objects.create(subject=profile.subject, wrapped_key=wrapped_key, master_key_id=master_key_id)
    return profile


def profile_of(user: Any) -> JournalProfile | None:
    """Return the user's journal, or None for someone who never wrote."""
    return JournalProfile.objects.filter(user_id=user.pk).first()


def vault_of(profile: JournalProfile) -> Vault:
    """Return what opens and seals the journal's texts; one query.

    Raises `KeyDestroyed` when its key is gone, `UnknownMasterKey` or `BrokenSeal` when the settings hold another master
    key than its key is wrapped by.
    """
    ring = Keyring.objects.filter(subject=profile.subject).first()
    if ring is None:
        raise KeyDestroyed(f"No key is kept for {profile.subject}.")
    return unwrap(ring.subject, ring.master_key_id, ring.wrapped_key)
