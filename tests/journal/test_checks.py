"""Bad settings, and anything that would show answers to staff, are said at start."""

import base64
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.checks import run_checks
from django.db.models import Model
from wagtail import hooks
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup
from wagtail.models import ReferenceIndex
from wagtail.snippets.models import SNIPPET_MODELS

from journal.models import PRIVATE_MODELS, Answer, AnswerVersion


def ids() -> set[str]:
    return {message.id for message in run_checks() if message.id and message.id.startswith("anahata_journal.")}


def test_the_settings_as_they_are_pass() -> None:
    assert ids() == set()


@pytest.mark.parametrize(
    ("keys", "active", "expected"),
    [
        ({}, "", "anahata_journal.E001"),
        ({"one": "not base64!"}, "one", "anahata_journal.E002"),
        ({"one": base64.urlsafe_b64encode(b"x" * 31).decode()}, "one", "anahata_journal.E002"),
        ({"one": base64.urlsafe_b64encode(b"x" * 33).decode()}, "one", "anahata_journal.E002"),
        ({"one": None}, "one", "anahata_journal.E002"),
        ({"one": base64.urlsafe_b64encode(b"x" * 32).decode()}, "two", "anahata_journal.E003"),
    ],
)
def test_bad_keys_are_refused(settings: Any, keys: Any, active: str, expected: str) -> None:
    settings.JOURNAL_MASTER_KEYS = keys
    settings.JOURNAL_ACTIVE_MASTER_KEY = active

    assert ids() == {expected}


def test_no_message_repeats_a_key(settings: Any) -> None:
    settings.JOURNAL_MASTER_KEYS = {"one": "c2hvcnQta2V5LW9mLWEtY2FyZWxlc3Mtc2l0ZQ"}

    told = " ".join(f"{message.msg} {message.hint}" for message in run_checks())

    assert "c2hvcnQta2V5" not in told
    assert "short-key" not in told


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (None, "anahata_journal.W001"),
        ("no.such.module.rule", "anahata_journal.E004"),
        ("django.conf.settings.LOGIN_URL", "anahata_journal.E004"),
        ("journal.conf.MASTER_KEY_BYTES", "anahata_journal.E004"),
    ],
)
def test_a_policy_that_is_missing_or_no_function_is_named(settings: Any, policy: str | None, expected: str) -> None:
    settings.JOURNAL_ACCESS_POLICY = policy

    assert ids() == {expected}


@pytest.mark.parametrize("model", PRIVATE_MODELS)
def test_no_private_model_is_in_an_admin_snippet_or_index(model: type[Model]) -> None:
    assert model not in SNIPPET_MODELS
    assert not ReferenceIndex.model_is_indexable(model)
    assert not hasattr(model, "search_fields")


@pytest.fixture
def viewset_hook() -> Iterator[None]:
    class AnswerViewSet(ModelViewSet):
        model = Answer
        form_fields = ["pass_no"]

    class Group(ModelViewSetGroup):
        items = (AnswerViewSet,)

    with hooks.register_temporarily("register_admin_viewset", Group):
        yield


def test_an_admin_for_answers_is_refused(viewset_hook: None) -> None:
    assert ids() == {"anahata_journal.E005"}


def test_a_snippet_of_versions_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wagtail.snippets.models.SNIPPET_MODELS", [*SNIPPET_MODELS, AnswerVersion])

    assert ids() == {"anahata_journal.E005"}


def test_answers_in_the_reference_index_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ReferenceIndex, "indexed_models", {*ReferenceIndex.indexed_models, Answer})

    assert ids() == {"anahata_journal.E005"}
