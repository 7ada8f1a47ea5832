"""The app's settings: each function reads one, names its default, and says what it does."""

import base64
import binascii
from typing import Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

MASTER_KEY_BYTES = 32


class AccessPolicy(Protocol):
    """Say whether `user` may write in the guide whose pages have the translation key `guide_key`."""

    def __call__(self, user: Any, guide_key: str, /) -> bool: ...


def master_keys() -> dict[str, bytes]:
    """Return JOURNAL_MASTER_KEYS (default none: nothing can be written): id → 32 random bytes in URL-safe base64.

    They wrap the key of every writer, so losing one loses the journals it wraps. Never derive one from SECRET_KEY,
    which is changed at need. Old ones stay listed until nothing is wrapped by them.
    Raises ValueError for a key that is not the base64 of 32 bytes; the message names its id only.
    """
    keys: dict[str, str] = getattr(settings, "JOURNAL_MASTER_KEYS", {})
    return {key_id: _decoded(key_id, text) for key_id, text in keys.items()}


def active_master_key_id() -> str:
    """Return JOURNAL_ACTIVE_MASTER_KEY (default empty, which a system check refuses): the id that wraps new keys."""
    return str(getattr(settings, "JOURNAL_ACTIVE_MASTER_KEY", ""))


def access_policy() -> AccessPolicy | None:
    """Return what JOURNAL_ACCESS_POLICY names (default None: nobody may write): a dotted path to an `AccessPolicy`.

    Raises ImportError when nothing is found there.
    """
    path: str | None = getattr(settings, "JOURNAL_ACCESS_POLICY", None)
    if not path:
        return None
    policy: AccessPolicy = import_string(path)
    return policy


def sitting_minutes() -> int:
    """Return JOURNAL_SITTING_MINUTES (default 30): the pause after which going on counts as a new sitting."""
    return int(getattr(settings, "JOURNAL_SITTING_MINUTES", 30))


def kept_versions() -> int:
    """Return JOURNAL_KEPT_VERSIONS (default 20): how many earlier texts of an answer are kept; second copies all are."""
    return int(getattr(settings, "JOURNAL_KEPT_VERSIONS", 20))


def _decoded(key_id: str, text: str) -> bytes:
    try:
        key = base64.b64decode(text.encode("ascii"), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError, AttributeError):
        raise ValueError(f"The journal's master key {key_id!r} is not URL-safe base64.") from None
    if len(key) != MASTER_KEY_BYTES:
        raise ValueError(f"The journal's master key {key_id!r} has {len(key)} bytes instead of {MASTER_KEY_BYTES}.")
    return key
