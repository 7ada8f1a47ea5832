"""What moderators decide, and when it becomes public."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.contrib.auth.models import AbstractBaseUser, Group, Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from blog.comments import moderation
from blog.comments.models import CommentMeta, State
from blog.models import ArticlePage

from .conftest import Commenting

DESK = "anahata_blog_comments:index"


def decide(client: Client, meta: CommentMeta, act: str, **data: str) -> Any:
    return client.post(reverse("anahata_blog_comments:decide", args=[meta.comment_id]), {"act": act, **data})


def test_an_approved_comment_is_published_after_ten_seconds_and_not_before(
    article: ArticlePage, commenting: Commenting, moderator: AbstractBaseUser, client: Client
) -> None:
    meta = commenting.held(article, "At last")
    with time_machine.travel("2026-11-23 12:00:00+00:00", tick=False) as clock:
        moderation.approve(meta.comment_id, by=moderator)

        clock.shift(9)
        early = moderation.publish_due_comments()
        shown_early = "At last" in client.get(article.url).content.decode()
        clock.shift(1)
        due = moderation.publish_due_comments()
        shown_after = "At last" in client.get(article.url).content.decode()

    assert (early, shown_early) == (0, False)
    assert (due, shown_after) == (1, True)


def test_approval_alone_publishes_nothing_while_the_worker_is_away(
    article: ArticlePage, commenting: Commenting, moderator: AbstractBaseUser, client: Client
) -> None:
    meta = commenting.held(article, "At last")
    moderation.approve(meta.comment_id, by=moderator)

    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        assert "At last" not in client.get(article.url).content.decode()


@pytest.mark.parametrize("act", [moderation.undo, moderation.reject, moderation.mark_spam, moderation.withdraw])
def test_what_is_taken_back_within_ten_seconds_is_never_published(
    article: ArticlePage, commenting: Commenting, moderator: AbstractBaseUser, act: Callable[..., bool]
) -> None:
    meta = commenting.held(article)
    moderation.approve(meta.comment_id, by=moderator)

    assert act(meta.comment_id, by=moderator)

    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        assert moderation.publish_due_comments() == 0
    meta.refresh_from_db()
    assert (meta.publish_at, meta.published_at) == (None, None)


def test_a_publication_that_was_under_way_when_it_was_undone_does_nothing(
    article: ArticlePage, commenting: Commenting, moderator: AbstractBaseUser
) -> None:
    meta = commenting.held(article)
    moderation.approve(meta.comment_id, by=moderator)
    CommentMeta.objects.filter(pk=meta.pk).update(publish_at=timezone.now() - timedelta(seconds=1))
    under_way = CommentMeta.objects.due()
    assert under_way.exists()

    moderation.undo(meta.comment_id, by=moderator)

    assert under_way.update(published_at=timezone.now()) == 0


def test_publishing_is_one_conditional_update(
    article: ArticlePage, commenting: Commenting, moderator: AbstractBaseUser
) -> None:
    for _ in range(3):
        moderation.approve(commenting.held(article).comment_id, by=moderator)
    CommentMeta.objects.update(publish_at=timezone.now())

    with CaptureQueriesContext(
        connection,
    ) as queries:
        published = moderation.publish_due_comments()

    assert published == 3
    assert len(queries) == 1
    assert moderation.publish_due_comments() == 0


def test_undoing_a_published_comment_takes_it_from_the_page(
    article: ArticlePage, commenting: Commenting, moderator: AbstractBaseUser, client: Client
) -> None:
    meta = commenting.published(article, "Too early")

    moderation.undo(meta.comment_id, by=moderator)

    assert "Too early" not in client.get(article.url).content.decode()
    meta.refresh_from_db()
    assert meta.state == State.HELD


@pytest.mark.parametrize(
    ("act", "state"),
    [(moderation.approve, State.APPROVED), (moderation.reject, State.REJECTED), (moderation.mark_spam, State.SPAM)],
)
def test_deciding_twice_is_deciding_once(
    article: ArticlePage, commenting: Commenting, moderator: AbstractBaseUser, act: Callable[..., bool], state: State
) -> None:
    meta = commenting.held(article)

    answers = [act(meta.comment_id, by=moderator) for _ in range(2)]

    meta.refresh_from_db()
    assert answers == [True, False]
    assert meta.state == state
    assert ModelLogEntry.objects.for_instance(meta).count() == 1


def test_a_withdrawn_comment_cannot_come_back(
    article: ArticlePage, commenting: Commenting, moderator: AbstractBaseUser
) -> None:
    meta = commenting.held(article)
    moderation.withdraw(meta.comment_id)

    answers = [act(meta.comment_id, by=moderator) for act in (moderation.approve, moderation.undo, moderation.reject)]

    assert answers == [False, False, False]


def test_the_log_keeps_who_decided_what_and_no_word_of_the_comment(
    article: ArticlePage, commenting: Commenting, moderator: AbstractBaseUser
) -> None:
    meta = commenting.held(article, "Something private", name="Ada")

    moderation.reject(meta.comment_id, by=moderator)

    entry = ModelLogEntry.objects.for_instance(meta).get()
    assert (entry.action, entry.user, entry.label) == (
        "anahata_blog.comment.reject",
        moderator,
        f"Comment {meta.comment_id}",
    )
    assert "private" not in str(entry.data)


def test_the_group_of_moderators_may_enter_the_admin_and_moderate_and_nothing_else(db: None) -> None:
    group = Group.objects.get(name="Comment moderators")

    codenames = set(group.permissions.values_list("codename", flat=True))

    assert codenames == {"access_admin", "moderate_comments"}
    assert Permission.objects.filter(codename="moderate_comments").count() == 1


def test_a_moderator_sees_comments_in_the_menu_and_no_pages(moderator: AbstractBaseUser, client: Client) -> None:
    client.force_login(moderator)

    response = client.get(reverse("wagtailadmin_home"))

    content = response.content.decode()
    assert response.status_code == 200
    assert f"{reverse(DESK)}?state=held" in content
    for elsewhere in ("wagtailsnippets:index", "wagtailimages:index", "wagtaildocs:index"):
        assert f'"{reverse(elsewhere)}"' not in content
    assert "PageExplorerMenuItem" not in content


def test_a_held_comment_is_on_the_desk_with_its_context_and_reasons(
    article: ArticlePage, commenting: Commenting, moderator: AbstractBaseUser, client: Client
) -> None:
    parent = commenting.published(article, "What do you think?", name="Grace")
    commenting.held(article, "See www.a.example and www.b.example", parent_id=parent.comment_id)
    client.force_login(moderator)

    response = client.get(reverse(DESK), {"state": "held"})

    entries = BeautifulSoup(response.content, "html.parser").select(".desk-comment")
    assert len(entries) == 1
    text = entries[0].get_text(" ", strip=True)
    for expected in ("Ada", "ada@example.com", "On trust", "Several links", "What do you think?", "See www.a.example"):
        assert expected in text
    assert [button["value"] for button in entries[0].select("button[name=act]")] == ["approve", "reject", "spam"]


def test_the_desk_is_filtered_by_state_and_searched(
    article: ArticlePage, commenting: Commenting, moderator: AbstractBaseUser, client: Client
) -> None:
    commenting.published(article, "Said aloud")
    commenting.held(article, "Still waiting")
    client.force_login(moderator)

    def texts(**query: str) -> list[str]:
        page = BeautifulSoup(client.get(reverse(DESK), query).content, "html.parser")
        return [each.get_text(strip=True) for each in page.select(".desk-comment-text")]

    assert texts() == ["Still waiting", "Said aloud"]
    assert texts(state="approved") == ["Said aloud"]
    assert texts(state="held") == ["Still waiting"]
    assert texts(q="aloud") == ["Said aloud"]
    assert texts(article=str(article.pk)) == ["Still waiting", "Said aloud"]
    assert texts(state="spam") == []


@pytest.mark.parametrize(
    ("act", "state"), [("approve", State.APPROVED), ("reject", State.REJECTED), ("spam", State.SPAM)]
)
def test_one_click_decides_and_one_more_takes_it_back(
    article: ArticlePage, commenting: Commenting, moderator: AbstractBaseUser, client: Client, act: str, state: State
) -> None:
    meta = commenting.held(article)
    client.force_login(moderator)
    here = reverse(DESK) + "?state=held"

    decided = client.post(
        reverse("anahata_blog_comments:decide", args=[meta.comment_id]), {"act": act, "next": here}, follow=True
    )
    meta.refresh_from_db()
    after_decision = meta.state
    undo = BeautifulSoup(decided.content, "html.parser").select_one(".desk-decided form")
    client.post(undo["action"], {"act": undo.select_one("button[name=act]")["value"]})

    meta.refresh_from_db()
    assert after_decision == state
    assert decided.redirect_chain[0][0] == f"{here}&decided={meta.comment_id}"
    assert meta.state == State.HELD


def test_a_second_moderator_is_told_that_it_is_decided(
    article: ArticlePage, commenting: Commenting, moderator: AbstractBaseUser, client: Client
) -> None:
    meta = commenting.held(article)
    moderation.approve(meta.comment_id, by=moderator)
    client.force_login(moderator)

    response = client.post(
        reverse("anahata_blog_comments:decide", args=[meta.comment_id]), {"act": "approve"}, follow=True
    )

    assert "somebody has decided about this comment already" in response.content.decode()


@pytest.mark.parametrize("kind", ["visitor", "reader", "editor"])
def test_nobody_else_reaches_the_desk(
    article: ArticlePage, commenting: Commenting, make_user: Callable[..., AbstractBaseUser], client: Client, kind: str
) -> None:
    meta = commenting.held(article, "Something private")
    if kind != "visitor":
        user = make_user(f"{kind}@example.com")
        if kind == "editor":
            user.groups.add(Group.objects.get(name="Editors"))
        client.force_login(user)

    seen = client.get(reverse(DESK), follow=False)
    results = client.get(reverse("anahata_blog_comments:index_results"))
    acted = decide(client, meta, "approve")

    meta.refresh_from_db()
    assert [seen.status_code, results.status_code, acted.status_code] == [302, 302, 302]
    assert b"Something private" not in seen.content + results.content
    assert meta.state == State.HELD


def test_an_act_that_does_not_exist_is_refused(
    article: ArticlePage, commenting: Commenting, moderator: AbstractBaseUser, client: Client
) -> None:
    client.force_login(moderator)

    assert decide(client, commenting.held(article), "delete").status_code == 404


def test_numbers_that_no_database_takes_do_no_harm_on_the_desk(
    article: ArticlePage, commenting: Commenting, moderator: AbstractBaseUser, client: Client
) -> None:
    commenting.held(article)
    client.force_login(moderator)
    huge = 10**30

    assert client.get(reverse(DESK), {"decided": huge}).status_code == 200
    assert client.get(reverse(DESK), {"article": huge}).status_code == 200
    assert client.post(f"{reverse(DESK)}{huge}/decide/", {"act": "approve"}).status_code == 404


def test_the_desk_is_filtered_by_article(
    article: ArticlePage,
    make_article: Callable[..., ArticlePage],
    commenting: Commenting,
    moderator: AbstractBaseUser,
    client: Client,
) -> None:
    commenting.held(article, "Under this one")
    commenting.held(make_article("Another"), "Under the other")
    client.force_login(moderator)

    page = client.get(reverse(DESK), {"article": article.pk}).content.decode()

    assert "Under this one" in page
    assert "Under the other" not in page


def test_the_desk_leads_nowhere_else(
    article: ArticlePage, commenting: Commenting, moderator: AbstractBaseUser, client: Client
) -> None:
    client.force_login(moderator)

    response = decide(client, commenting.held(article), "reject", next="https://elsewhere.example/")

    assert response.url.startswith(reverse(DESK))


def test_the_desk_costs_the_same_number_of_queries_however_many_comments_it_shows(
    article: ArticlePage, commenting: Commenting, moderator: AbstractBaseUser, client: Client
) -> None:
    client.force_login(moderator)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(DESK))
        return len(queries)

    parent = commenting.published(article)
    commenting.held(article, parent_id=parent.comment_id)
    cost()
    few = cost()
    for number in range(12):
        commenting.held(article, f"Comment {number}", parent_id=parent.comment_id)

    assert cost() == few
