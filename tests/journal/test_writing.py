"""Conditional writes: nobody's newer words are overwritten, and nobody's words are lost."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone

from journal import tickets
from journal.crypto import BrokenSeal, JournalCryptoError, KeyDestroyed
from journal.erasure import erase
from journal.keyring import profile_of, vault_of
from journal.models import Answer, AnswerVersion, GuidePage, JournalProfile, Keyring, Prompt
from journal.writing import TEXT_LIMIT, AccessEnded, Draft, KeptBoth, Outcome, Saved, TooLong, write

from .conftest import admit, dismiss

Save = Callable[..., Outcome]


@pytest.fixture
def save(writer: AbstractBaseUser, prompt: Prompt) -> Save:
    """Return a function that sends a draft as the page load `tab` of the writer would."""

    def send(text: str, *, base: int, tab: str = "tab-one", seq: int = 1, user: Any = writer) -> Outcome:
        ticket = tickets.read(tickets.issue(user, prompt))
        assert ticket is not None
        return write(user, prompt, ticket, Draft(text=text, base=base, writer=tab, seq=seq))

    return send


def words(user: AbstractBaseUser) -> str:
    profile = profile_of(user)
    assert profile is not None
    return Answer.objects.get(profile=profile).text(vault_of(profile))


def kept(user: AbstractBaseUser, reason: str) -> list[str]:
    profile = profile_of(user)
    assert profile is not None
    return [version.text(vault_of(profile)) for version in AnswerVersion.objects.filter(reason=reason)]


def test_the_first_words_are_saved_as_revision_one(save: Save, writer: AbstractBaseUser) -> None:
    saved = save("It was", base=0)

    assert isinstance(saved, Saved)
    assert (saved.revision, saved.saved_at is not None) == (1, True)
    assert words(writer) == "It was"


def test_an_empty_page_writes_no_answer(save: Save) -> None:
    saved = save("", base=0)

    assert saved == Saved(revision=0, saved_at=None)
    assert not Answer.objects.exists()


def test_going_on_in_the_same_tab_writes(save: Save, writer: AbstractBaseUser) -> None:
    save("It was", base=0, seq=1)

    saved = save("It was late", base=1, seq=2)

    assert isinstance(saved, Saved)
    assert saved.revision == 2
    assert words(writer) == "It was late"


def test_a_reply_that_got_lost_is_no_conflict_with_oneself(save: Save, writer: AbstractBaseUser) -> None:
    save("It was", base=0, seq=1)

    saved = save("It was late", base=0, seq=2)

    assert isinstance(saved, Saved)
    assert words(writer) == "It was late"
    assert kept(writer, "conflict") == []


def test_the_same_draft_twice_has_one_effect(save: Save, writer: AbstractBaseUser) -> None:
    first = save("It was", base=0, seq=1)

    second = save("It was", base=0, seq=1)

    assert second == first
    assert Answer.objects.get().revision == 1
    assert not AnswerVersion.objects.exists()


def test_an_older_draft_that_arrives_late_is_passed_over(save: Save, writer: AbstractBaseUser) -> None:
    save("It was late, and", base=0, seq=3)

    saved = save("It was", base=0, seq=2)

    assert isinstance(saved, Saved)
    assert words(writer) == "It was late, and"


def test_a_late_draft_is_passed_over_though_the_newest_changed_nothing(save: Save, writer: AbstractBaseUser) -> None:
    save("It was", base=0, seq=1)
    save("It was", base=1, seq=3)

    save("It was lat", base=1, seq=2)

    assert words(writer) == "It was"


def test_another_page_load_that_saw_the_newest_words_goes_on(save: Save, writer: AbstractBaseUser) -> None:
    save("It was", base=0)

    saved = save("It was late", base=1, tab="tab-two")

    assert isinstance(saved, Saved)
    assert words(writer) == "It was late"


def test_two_tabs_keep_both_texts(save: Save, writer: AbstractBaseUser) -> None:
    save("From the phone", base=0, tab="tab-one")

    outcome = save("From the desk", base=0, tab="tab-two")

    assert isinstance(outcome, KeptBoth)
    assert (outcome.current, outcome.revision) == ("From the phone", 1)
    assert words(writer) == "From the phone"
    assert kept(writer, "conflict") == ["From the desk"]


def test_a_tab_that_was_overtaken_conflicts_though_it_wrote_before(save: Save, writer: AbstractBaseUser) -> None:
    save("One", base=0, tab="tab-one", seq=1)
    save("One, two", base=1, tab="tab-two", seq=1)

    outcome = save("One, and more", base=1, tab="tab-one", seq=2)

    assert isinstance(outcome, KeptBoth)
    assert words(writer) == "One, two"
    assert kept(writer, "conflict") == ["One, and more"]


def test_a_tab_that_came_back_does_not_know_what_was_written_in_between(save: Save, writer: AbstractBaseUser) -> None:
    save("One", base=0, tab="tab-one", seq=1)
    save("One, two", base=1, tab="tab-two", seq=1)
    save("One, two, three", base=2, tab="tab-one", seq=2)

    outcome = save("From long ago", base=1, tab="tab-one", seq=3)

    assert isinstance(outcome, KeptBoth)
    assert words(writer) == "One, two, three"


def test_the_losing_tab_keeps_one_copy_with_its_newest_words(save: Save, writer: AbstractBaseUser) -> None:
    save("From the phone", base=0, tab="tab-one")
    save("From the", base=0, tab="tab-two", seq=1)
    save("From the desk, late", base=0, tab="tab-two", seq=3)

    save("From the desk", base=0, tab="tab-two", seq=2)

    assert kept(writer, "conflict") == ["From the desk, late"]


def test_the_same_words_from_elsewhere_are_no_conflict(save: Save, writer: AbstractBaseUser) -> None:
    save("The same", base=0, tab="tab-one")

    outcome = save("The same", base=0, tab="tab-two")

    assert isinstance(outcome, Saved)
    assert kept(writer, "conflict") == []


def test_a_copy_that_is_kept_already_is_not_kept_twice(save: Save, writer: AbstractBaseUser) -> None:
    save("From the phone", base=0, tab="tab-one")
    save("From the desk", base=0, tab="tab-two")

    save("From the desk", base=0, tab="tab-three")

    assert kept(writer, "conflict") == ["From the desk"]


def test_a_new_sitting_keeps_the_words_before_it(save: Save, writer: AbstractBaseUser) -> None:
    save("It was", base=0)

    save("It was late", base=1, tab="tab-two", seq=1)
    save("It was late, and cold", base=2, tab="tab-two", seq=2)

    assert kept(writer, "sitting") == ["It was"]


def test_a_page_left_open_over_night_begins_a_new_sitting(save: Save, writer: AbstractBaseUser) -> None:
    save("It was", base=0, seq=1)
    Answer.objects.update(saved_at=timezone.now() - timedelta(hours=9))

    save("It was late", base=1, seq=2)

    assert kept(writer, "sitting") == ["It was"]


def test_a_text_that_shrinks_by_a_third_is_kept_as_it_was(save: Save, writer: AbstractBaseUser) -> None:
    save("A long evening by the river.", base=0, seq=1)

    save("A long", base=1, seq=2)

    assert words(writer) == "A long"
    assert kept(writer, "sitting") == ["A long evening by the river."]


def test_small_cuts_keep_no_version(save: Save) -> None:
    save("A long evening by the river.", base=0, seq=1)

    save("A long evening by the", base=1, seq=2)

    assert not AnswerVersion.objects.exists()


def test_only_so_many_versions_are_kept_but_every_copy(save: Save, writer: AbstractBaseUser, settings: Any) -> None:
    settings.JOURNAL_KEPT_VERSIONS = 3
    save("0", base=0, tab="tab-0")
    save("elsewhere", base=0, tab="tab-x")
    save("elsewhere too", base=0, tab="tab-y")

    for number in range(1, 8):
        save(str(number), base=number, tab=f"tab-{number}")

    assert kept(writer, "sitting") == ["4", "5", "6"]
    assert kept(writer, "conflict") == ["elsewhere", "elsewhere too"]


def test_what_was_being_typed_as_access_ended_is_kept_beside(
    save: Save, writer: AbstractBaseUser, guide: GuidePage
) -> None:
    save("It was", base=0, seq=1)
    dismiss(writer, guide)

    outcome = save("It was late", base=1, seq=2)

    assert outcome == AccessEnded()
    assert words(writer) == "It was"
    assert kept(writer, "access_ended") == ["It was late"]


def test_first_words_typed_as_access_ended_are_kept_too(save: Save, writer: AbstractBaseUser, guide: GuidePage) -> None:
    dismiss(writer, guide)

    save("Only just begun", base=0)

    assert words(writer) == ""
    assert kept(writer, "access_ended") == ["Only just begun"]
    assert Answer.objects.of(writer.pk).with_words().count() == 1


def test_writing_goes_on_when_access_comes_back(save: Save, writer: AbstractBaseUser, guide: GuidePage) -> None:
    dismiss(writer, guide)
    save("Only just begun", base=0)
    admit(writer, guide)

    saved = save("Begun again", base=0, tab="tab-two")

    assert isinstance(saved, Saved)
    assert words(writer) == "Begun again"
    assert kept(writer, "access_ended") == ["Only just begun"]


def test_two_writers_never_meet(
    save: Save, writer: AbstractBaseUser, guide: GuidePage, make_user: Callable[..., AbstractBaseUser]
) -> None:
    other = make_user("other@example.com")
    admit(other, guide)

    save("Mine", base=0)
    save("Theirs", base=0, user=other)

    assert (words(writer), words(other)) == ("Mine", "Theirs")
    assert Keyring.objects.count() == 2


def test_sixty_kilobytes_are_the_limit_and_nothing_is_saved_beyond(save: Save, writer: AbstractBaseUser) -> None:
    save("é" * (TEXT_LIMIT // 2), base=0, seq=1)

    with pytest.raises(TooLong):
        save("é" * (TEXT_LIMIT // 2) + "e", base=1, seq=2)

    assert words(writer) == "é" * (TEXT_LIMIT // 2)


def test_an_answer_moved_to_another_row_does_not_open(
    save: Save, writer: AbstractBaseUser, guide: GuidePage, make_user: Callable[..., AbstractBaseUser]
) -> None:
    other = make_user("other@example.com")
    admit(other, guide)
    save("Mine", base=0)
    save("Theirs", base=0, user=other)
    theirs = Answer.objects.of(other.pk).get()

    Answer.objects.of(writer.pk).update(body=theirs.body)

    with pytest.raises(BrokenSeal):
        words(writer)


def test_an_altered_answer_refuses_to_be_written_over(save: Save) -> None:
    save("It was", base=0, seq=1)
    Answer.objects.update(body=b"\x01" + bytes(60))

    with pytest.raises(JournalCryptoError):
        save("It was late", base=1, seq=2)

    assert Answer.objects.get().revision == 1


def test_with_another_master_key_nothing_is_written(save: Save, settings: Any) -> None:
    save("It was", base=0, seq=1)
    key_id = settings.JOURNAL_ACTIVE_MASTER_KEY
    settings.JOURNAL_MASTER_KEYS = {key_id: "b3RoZXItb3RoZXItb3RoZXItb3RoZXItb3RoZXItMzI="}

    with pytest.raises(JournalCryptoError):
        save("It was late", base=1, seq=2)

    assert Answer.objects.get().revision == 1


def test_erasing_destroys_the_key_and_leaves_nothing_that_opens(save: Save, writer: AbstractBaseUser) -> None:
    save("It was", base=0, seq=1)
    save("It", base=1, seq=2)
    profile = profile_of(writer)
    assert profile is not None

    erased = erase(writer)

    assert (erased, erase(writer)) == (1, 0)
    assert not Answer.objects.exists()
    assert not AnswerVersion.objects.exists()
    assert not JournalProfile.objects.exists()
    with pytest.raises(KeyDestroyed):
        vault_of(profile)


def test_a_user_with_a_journal_is_deleted_by_erasure_only(save: Save, writer: AbstractBaseUser) -> None:
    from django.db.models import ProtectedError

    save("It was", base=0)

    with pytest.raises(ProtectedError):
        writer.delete()
    erase(writer)

    writer.delete()


def test_a_ticket_holds_for_its_writer_and_its_question_only(
    writer: AbstractBaseUser, prompt: Prompt, make_user: Callable[..., AbstractBaseUser]
) -> None:
    ticket = tickets.read(tickets.issue(writer, prompt))
    assert ticket is not None
    another = Prompt.objects.exclude(pk=prompt.pk).get()

    assert ticket.is_for(writer, prompt)
    assert not ticket.is_for(make_user("other@example.com"), prompt)
    assert not ticket.is_for(writer, another)
    assert tickets.read(tickets.issue(writer, prompt)[:-2]) is None
    assert tickets.read(str(uuid4())) is None
