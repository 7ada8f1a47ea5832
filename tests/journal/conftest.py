"""A guide with questions, and people who may or may not write in it."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import AbstractBaseUser, Group
from django.test import Client
from wagtail.models import Page, Site

from journal.models import GuidePage, JournalIndexPage, Prompt

Question = tuple[str, str]  # (block id, text)


@pytest.fixture(autouse=True)
def access_by_group(settings: Any) -> None:
    """Let members of the group named by a guide's key write in it, in the whole site as in the app alone."""
    settings.JOURNAL_ACCESS_POLICY = "tests.projects.journal_only.policy.may_write"
    settings.FRESH_PROOF_VIEWS = []  # the whole site puts a gate before the export; it has tests of its own


@pytest.fixture
def journal_index(db: None) -> JournalIndexPage:
    site = Site.objects.filter(is_default_site=True).first()
    root = site.root_page if site else Page.get_first_root_node()
    if site is None:
        Site.objects.create(hostname="localhost", root_page=root, is_default_site=True)
    index = JournalIndexPage(title="Journal", slug="journal")
    root.add_child(instance=index)
    return index


def section(title: str, questions: list[Question], *more: dict[str, Any], **texts: str) -> dict[str, Any]:
    """Return the raw value of a section whose questions keep the ids given."""
    items = [{"type": "prompt", "id": block_id, "value": {"text": text}} for block_id, text in questions]
    value = {"title": title, "opening": "", "closing": "", "items": [*items, *more], **texts}
    return {"type": "section", "id": str(uuid4()), "value": value}


def publish(page: GuidePage, *sections: dict[str, Any]) -> GuidePage:
    """Publish the guide with these sections, as an editor does."""
    page.sections = page.sections.stream_block.to_python(list(sections))
    page.save_revision().publish()
    page.refresh_from_db()
    return page


@pytest.fixture
def make_guide(journal_index: JournalIndexPage) -> Callable[..., GuidePage]:
    """Return a function that publishes a guide with questions of the given (id, text), all in one section."""

    def make(*questions: Question, slug: str = "steady", **fields: Any) -> GuidePage:
        page = GuidePage(slug=slug, live=False, **{"title": "Somewhere steady", **fields})
        journal_index.add_child(instance=page)
        return publish(page, section("A first section", list(questions or [("q-1", "What helps?")])))

    return make


@pytest.fixture
def guide(make_guide: Callable[..., GuidePage]) -> GuidePage:
    return make_guide(("q-1", "What helps?"), ("q-2", "What is in the way?"))


@pytest.fixture
def prompt(guide: GuidePage) -> Prompt:
    return Prompt.objects.get(guide_id=guide.translation_key, block_id="q-1")


def admit(user: AbstractBaseUser, guide: GuidePage) -> None:
    """Let the user write in the guide."""
    Group.objects.get_or_create(name=str(guide.translation_key))[0].user_set.add(user)


def dismiss(user: AbstractBaseUser, guide: GuidePage) -> None:
    """End the user's access to the guide."""
    Group.objects.get(name=str(guide.translation_key)).user_set.remove(user)


@pytest.fixture
def writer(make_user: Callable[..., AbstractBaseUser], guide: GuidePage) -> AbstractBaseUser:
    """Someone who may write in `guide`."""
    user = make_user("writer@example.com")
    admit(user, guide)
    return user


@pytest.fixture
def desk(client: Client, writer: AbstractBaseUser) -> Client:
    """A client signed in as the writer."""
    client.force_login(writer)
    return client
