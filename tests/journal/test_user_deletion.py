"""Staff cannot delete a writer's account by the way, and are told so in a sentence."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.test import Client
from django.urls import reverse

from journal import tickets
from journal.models import Answer, Prompt
from journal.writing import Draft, write

REFUSAL = "An account with private data is deleted by an erasure only"


@pytest.fixture
def chief(make_user: Callable[..., AbstractBaseUser]) -> Client:
    client = Client()
    client.force_login(make_user("chief@example.com", is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def with_words(writer: Any, prompt: Prompt) -> Any:
    ticket = tickets.read(tickets.issue(writer, prompt))
    assert ticket is not None
    write(writer, prompt, ticket, Draft(text="A walk", base=0, writer="tab-one", seq=1))
    return writer


def bulk_delete(*users: Any) -> str:
    address = reverse("wagtail_bulk_action", args=[users[0]._meta.app_label, "user", "delete"])
    return address + "?" + "&".join(f"id={user.pk}" for user in users)


def test_a_writers_account_is_not_deleted_by_staff(chief: Client, with_words: Any) -> None:
    response = chief.post(reverse("wagtailusers_users:delete", args=[with_words.pk]), follow=True)

    assert REFUSAL in response.content.decode()
    assert Answer.objects.count() == 1


def test_a_writers_account_is_not_deleted_in_bulk(chief: Client, with_words: Any, make_user: Any) -> None:
    response = chief.post(bulk_delete(make_user("other@example.com"), with_words), follow=True)

    assert REFUSAL in response.content.decode()
    assert get_user_model().objects.filter(email="other@example.com").exists()
    assert Answer.objects.count() == 1


def test_an_account_without_a_journal_is_deleted_as_ever(chief: Client, make_user: Any) -> None:
    one, two = make_user("one@example.com"), make_user("two@example.com")

    chief.post(reverse("wagtailusers_users:delete", args=[one.pk]))
    chief.post(bulk_delete(two))

    assert not get_user_model().objects.filter(pk__in=[one.pk, two.pk]).exists()
