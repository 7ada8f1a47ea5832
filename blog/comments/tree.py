"""Read an article's published comments as a tree, a page of conversations at a time."""

from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count
from django_comments_xtd.models import XtdComment

from .. import conf
from .models import CommentMeta


@dataclass(kw_only=True)
class Node:
    """A comment and what was said to it. `comment` is None where one was withdrawn or removed and has replies left."""

    pk: int
    comment: XtdComment | None
    takes_replies: bool = False
    replies: list["Node"] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """One page of an article's conversations, newest first; `count` is the number of all its published comments."""

    count: int
    page: Page[Any]
    threads: list[Node]


class _Threads(Paginator[Any]):
    """Pages of thread ids, with a count that the caller knows already."""

    def __init__(self, object_list: Any, per_page: int, count: int) -> None:
        super().__init__(object_list, per_page)
        self.count = count  # a cached_property, set before it asks the database


def conversation(article_id: int, number: str | int = 1) -> Conversation:
    """Return page `number` of the published comments of an article; anything that is no page number gives the nearest.

    Four queries, whatever the number of comments. The text of an unpublished comment is never read.
    """
    published = CommentMeta.objects.published().filter(article_id=article_id)
    counts = published.aggregate(comments=Count("pk"), threads=Count("comment__thread_id", distinct=True))
    thread_ids = published.order_by("-comment__thread_id").values_list("comment__thread_id", flat=True).distinct()
    page = _Threads(thread_ids, conf.threads_per_page(), counts["threads"]).get_page(number)
    threads = _threads(article_id, list(page.object_list)) if counts["comments"] else []
    return Conversation(count=counts["comments"], page=page, threads=threads)


def page_of(meta: CommentMeta) -> int:
    """Return the number of the page that a published comment stands on."""
    newer = (
        CommentMeta.objects.published()
        .filter(article_id=meta.article_id, comment__thread_id__gt=meta.comment.thread_id)
        .aggregate(threads=Count("comment__thread_id", distinct=True))
    )
    return int(newer["threads"]) // conf.threads_per_page() + 1


def _threads(article_id: int, thread_ids: list[int]) -> list[Node]:
    metas = (
        CommentMeta.objects.published()
        .filter(article_id=article_id, comment__thread_id__in=thread_ids)
        .select_related("comment")
        .order_by("comment__order", "comment_id")
    )
    deepest = conf.deepest_reply()
    nodes = {
        meta.comment_id: Node(pk=meta.comment_id, comment=meta.comment, takes_replies=meta.comment.level < deepest)
        for meta in metas
    }
    thread_of = {meta.comment_id: meta.comment.thread_id for meta in metas}
    parent_of = dict(XtdComment.norel_objects.filter(thread_id__in=thread_ids).values_list("pk", "parent_id"))

    roots: dict[int, list[Node]] = {thread_id: [] for thread_id in thread_ids}
    for pk in list(nodes):
        _hang(pk, nodes, parent_of, roots[thread_of[pk]])
    return [node for thread_id in thread_ids for node in roots[thread_id]]


def _hang(pk: int, nodes: dict[int, Node], parent_of: dict[int, int], roots: list[Node]) -> None:
    """Hang a comment under its parent, making placeholders for ancestors that are not public or whose rows are gone."""
    node = nodes[pk]
    while (parent_id := parent_of.get(node.pk, node.pk)) != node.pk:
        if parent_id in nodes:
            nodes[parent_id].replies.append(node)
            return
        parent = nodes[parent_id] = Node(pk=parent_id, comment=None)
        parent.replies.append(node)
        node = parent
    roots.append(node)
