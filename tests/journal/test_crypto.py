"""What is sealed opens only with the right key, in the right place, unaltered."""

import base64
import secrets
from typing import Any
from uuid import uuid4

import pytest

from journal.crypto import BrokenSeal, KeyDestroyed, Place, UnknownMasterKey, Vault, new_wrapped_key, unwrap

WORDS = "Heute war es leichter. 心 \n\n😀 and a NUL \x00 too"


def make_vault() -> Vault:
    return Vault(subject=uuid4(), key=secrets.token_bytes(32))


def make_place(**fields: Any) -> Place:
    return Place(**{"model": "answer", "uuid": uuid4(), **fields})


def test_a_sealed_text_opens_to_the_same_words() -> None:
    vault, place = make_vault(), make_place()

    sealed = vault.seal(WORDS, place)

    assert vault.open(sealed, place) == WORDS


def test_a_sealed_text_shows_its_format_and_never_repeats() -> None:
    vault, place = make_vault(), make_place()

    first, second = vault.seal(WORDS, place), vault.seal(WORDS, place)

    assert first[0] == second[0] == 1
    assert first != second
    assert b"leichter" not in first


def test_any_altered_byte_breaks_the_seal() -> None:
    vault, place = make_vault(), make_place()
    sealed = vault.seal("short", place)

    for position in range(len(sealed)):
        altered = bytearray(sealed)
        altered[position] ^= 1
        with pytest.raises(BrokenSeal):
            vault.open(bytes(altered), place)


def test_a_cut_or_foreign_value_is_refused_by_name() -> None:
    vault, place = make_vault(), make_place()
    sealed = vault.seal(WORDS, place)

    for value in (b"", b"\x01", sealed[:20], sealed[:-1], b"plain text that somebody wrote into the row"):
        with pytest.raises(BrokenSeal):
            vault.open(value, place)


@pytest.mark.parametrize("other", [{"uuid": uuid4()}, {"field": "notes"}, {"model": "answerversion"}])
def test_a_text_moved_to_another_place_does_not_open(other: dict[str, Any]) -> None:
    vault, place = make_vault(), make_place()
    sealed = vault.seal(WORDS, place)

    with pytest.raises(BrokenSeal):
        vault.open(sealed, make_place(**{"uuid": place.uuid, **other}))


def test_a_text_moved_to_another_writer_does_not_open_even_with_the_same_key() -> None:
    vault, place = make_vault(), make_place()
    sealed = vault.seal(WORDS, place)

    with pytest.raises(BrokenSeal):
        Vault(subject=uuid4(), key=vault.key).open(sealed, place)


def test_another_writers_key_does_not_open() -> None:
    vault, place = make_vault(), make_place()
    sealed = vault.seal(WORDS, place)

    with pytest.raises(BrokenSeal):
        Vault(subject=vault.subject, key=secrets.token_bytes(32)).open(sealed, place)


def test_what_goes_wrong_tells_nothing_of_text_or_key() -> None:
    vault, place = make_vault(), make_place()
    sealed = vault.seal("canary", place)

    with pytest.raises(BrokenSeal) as broken:
        vault.open(sealed[:-1] + b"?", place)

    told = f"{broken.value!r} {vault!r} {broken.value.__cause__!r}"
    assert "canary" not in told
    assert repr(vault.key) not in told


def test_a_wrapped_key_gives_the_same_vault_again() -> None:
    subject, place = uuid4(), make_place()
    key_id, wrapped = new_wrapped_key(subject)

    sealed = unwrap(subject, key_id, wrapped).seal(WORDS, place)

    assert unwrap(subject, key_id, wrapped).open(sealed, place) == WORDS


def test_a_wrapped_key_is_bound_to_its_writer() -> None:
    key_id, wrapped = new_wrapped_key(uuid4())

    with pytest.raises(BrokenSeal):
        unwrap(uuid4(), key_id, wrapped)


def test_a_wrong_master_key_under_the_right_id_is_noticed(settings: Any) -> None:
    subject = uuid4()
    key_id, wrapped = new_wrapped_key(subject)

    settings.JOURNAL_MASTER_KEYS = {key_id: base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()}

    with pytest.raises(BrokenSeal):
        unwrap(subject, key_id, wrapped)


def test_a_master_key_that_is_not_listed_is_named(settings: Any) -> None:
    subject = uuid4()
    key_id, wrapped = new_wrapped_key(subject)

    settings.JOURNAL_MASTER_KEYS = {"other": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()}

    with pytest.raises(UnknownMasterKey, match=key_id):
        unwrap(subject, key_id, wrapped)


def test_an_older_master_key_still_opens_after_a_new_one_became_active(settings: Any) -> None:
    subject, place = uuid4(), make_place()
    key_id, wrapped = new_wrapped_key(subject)
    sealed = unwrap(subject, key_id, wrapped).seal(WORDS, place)

    newer = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    settings.JOURNAL_MASTER_KEYS = {**settings.JOURNAL_MASTER_KEYS, "newer": newer}
    settings.JOURNAL_ACTIVE_MASTER_KEY = "newer"

    assert unwrap(subject, key_id, wrapped).open(sealed, place) == WORDS
    assert new_wrapped_key(subject)[0] == "newer"


def test_a_changed_secret_key_changes_nothing(settings: Any) -> None:
    subject, place = uuid4(), make_place()
    key_id, wrapped = new_wrapped_key(subject)
    sealed = unwrap(subject, key_id, wrapped).seal(WORDS, place)

    settings.SECRET_KEY = "another one altogether"

    assert unwrap(subject, key_id, wrapped).open(sealed, place) == WORDS


def test_a_destroyed_key_says_so() -> None:
    with pytest.raises(KeyDestroyed):
        unwrap(uuid4(), "one", b"")


def test_half_a_character_is_sealed_as_a_mark_instead_of_failing() -> None:
    vault, place = make_vault(), make_place()

    assert vault.open(vault.seal("half \ud83d here", place), place) == "half ? here"
