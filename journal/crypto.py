"""Texts at rest: AES-256-GCM under a key of each writer's own, which is wrapped by a master key.

A sealed text is a version byte, a nonce of 12 bytes, and the ciphertext with its tag. What it belongs to goes in as
associated data, so that a text moved to another row, field or writer does not open.

No exception here carries text, and frames that hold text or keys hide their variables from error reports.
"""

import secrets
from dataclasses import dataclass, field
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.views.decorators.debug import sensitive_variables

from . import conf

FORMAT = b"\x01"
NONCE_BYTES = 12
TAG_BYTES = 16
OVERHEAD_BYTES = len(FORMAT) + NONCE_BYTES + TAG_BYTES


class JournalCryptoError(Exception):
    """The family of what can go wrong with keys and sealed texts."""


class BrokenSeal(JournalCryptoError):
    """Raised when a sealed text was altered, moved from another place, sealed by another key, or is no sealed text."""


class UnknownMasterKey(JournalCryptoError):
    """Raised when a writer's key is wrapped by a master key that the settings do not list, or none is active."""


class KeyDestroyed(JournalCryptoError):
    """Raised when a writer's key was destroyed: nothing sealed by it opens ever again."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a sealed text belongs."""

    model: str
    uuid: UUID
    field: str = "body"


@dataclass(frozen=True, kw_only=True)
class Vault:
    """A writer's key in use."""

    subject: UUID
    key: bytes = field(repr=False)

    @sensitive_variables()
    def seal(self, text: str, place: Place) -> bytes:
        """Return `text` sealed for `place`; twice the same text gives two different results."""
        return _sealed(self.key, text.encode("utf-8", "replace"), self._belonging(place))

    @sensitive_variables()
    def open(self, sealed: bytes | memoryview, place: Place) -> str:
        """Return the text that was sealed for `place`; raises `BrokenSeal`."""
        return _opened(self.key, sealed, self._belonging(place)).decode()

    def _belonging(self, place: Place) -> bytes:
        return f"{self.subject}|{place.model}|{place.uuid}|{place.field}".encode()


@sensitive_variables()
def new_wrapped_key(subject: UUID) -> tuple[str, bytes]:
    """Return a new random key for `subject`, wrapped, as (id of the master key, wrapped key)."""
    key_id = conf.active_master_key_id()
    return key_id, _sealed(_master_key(key_id), AESGCM.generate_key(bit_length=256), _wrapping(subject, key_id))


@sensitive_variables()
def unwrap(subject: UUID, master_key_id: str, wrapped_key: bytes | memoryview) -> Vault:
    """Return the vault that `wrapped_key` opens.

    Raises `KeyDestroyed` when the wrapped key is empty, `UnknownMasterKey` when `master_key_id` is not in the settings,
    `BrokenSeal` when the master key is another one than wrapped it, or the row was altered.
    """
    if not wrapped_key:
        raise KeyDestroyed(f"The key of {subject} was destroyed.")
    return Vault(
        subject=subject, key=_opened(_master_key(master_key_id), wrapped_key, _wrapping(subject, master_key_id))
    )


def _wrapping(subject: UUID, key_id: str) -> bytes:
    return f"{subject}|keyring|{key_id}".encode()


@sensitive_variables()
def _master_key(key_id: str) -> bytes:
    try:
        return conf.master_keys()[key_id]
    except KeyError:
        raise UnknownMasterKey(f"JOURNAL_MASTER_KEYS lists no key {key_id!r}.") from None


@sensitive_variables()
def _sealed(key: bytes, content: bytes, belonging: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return FORMAT + nonce + AESGCM(key).encrypt(nonce, content, FORMAT + belonging)


@sensitive_variables()
def _opened(key: bytes, sealed: bytes | memoryview, belonging: bytes) -> bytes:
    sealed = bytes(sealed)  # PostgreSQL's driver may give a memoryview
    if sealed[:1] != FORMAT or len(sealed) < OVERHEAD_BYTES:
        raise BrokenSeal("This is no sealed text of a known format.")
    nonce, content = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, content, FORMAT + belonging)
    except InvalidTag:
        raise BrokenSeal("A sealed text does not open here.") from None
