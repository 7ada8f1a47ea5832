"""The moderation desk in Wagtail's admin."""

import re
from dataclasses import dataclass
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from django_comments_xtd.models import XtdComment
from wagtail.admin import messages
from wagtail.admin.auth import permission_required
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.utils import get_valid_next_url_from_request, set_query_params
from wagtail.admin.views.generic.base import BaseListingView
from wagtail.admin.viewsets.base import ViewSet

from ..models import ArticlePage
from . import moderation
from .models import CommentMeta, State
from .permissions import MODERATE_COMMENTS
from .row_ids import ROW_ID

ACTS = {
    "approve": (moderation.approve, _("Approved. It will be on the page in a few seconds; until then nobody sees it.")),
    "reject": (moderation.reject, _("Rejected. It is not on the page.")),
    "spam": (moderation.mark_spam, _("Marked as spam. It is not on the page.")),
    "undo": (moderation.undo, _("Held again. It is not on the page.")),
}
OFFERED = {
    State.HELD: ("approve", "reject", "spam"),
    State.APPROVED: ("undo", "reject", "spam"),
    State.REJECTED: ("undo", "approve", "spam"),
    State.SPAM: ("undo", "approve", "reject"),
    State.WITHDRAWN: (),
}
LABELS = {"approve": _("Approve"), "reject": _("Reject"), "spam": _("Spam"), "undo": _("Hold again")}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A comment in its context: what it answers, and what may be decided (name of the act, label)."""

    meta: CommentMeta
    parent: XtdComment | None
    acts: list[tuple[str, Any]]


class DeskFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=State.choices, empty_label=_("All"), widget=forms.RadioSelect
    )
    article = django_filters.ModelChoiceFilter(
        label=_("Article"),
        queryset=lambda request: ArticlePage.objects.filter(comment_metas__isnull=False).distinct(),
        to_field_name="id",  # not the foreign key that is the page's primary key: SQLite fails on huge numbers there
    )

    class Meta:
        model = CommentMeta
        fields = ["state", "article"]


@method_decorator(permission_required(MODERATE_COMMENTS), name="dispatch")
class DeskView(BaseListingView):
    """Lists comments, newest first, each with what a decision needs."""

    model = CommentMeta
    page_title = _("Comments")
    template_name = "anahata_blog/desk/index.html"
    results_template_name = "anahata_blog/desk/results.html"
    filterset_class = DeskFilterSet
    is_searchable = True
    search_fields = ["comment__comment", "comment__user_name", "comment__user_email"]
    default_ordering = "-comment_id"
    paginate_by = 20
    header_icon = "comment"
    decide_url_name = ""

    def get_base_queryset(self) -> "QuerySet[CommentMeta]":
        return CommentMeta.objects.select_related("comment", "article")

    def get_valid_orderings(self) -> list[str]:
        return [self.default_ordering]

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        metas = list(context["object_list"])
        parents = XtdComment.norel_objects.in_bulk({meta.comment.parent_id for meta in metas})
        context["entries"] = [
            Entry(
                meta=meta,
                parent=parents.get(meta.comment.parent_id) if meta.comment.parent_id != meta.comment_id else None,
                acts=[(act, LABELS[act]) for act in OFFERED[State(meta.state)]],
            )
            for meta in metas
        ]
        context["decide_url_name"] = self.decide_url_name
        context["here"] = set_query_params(self.index_url, {**self.request.GET.dict(), "decided": None})
        context["decided"] = self._decided()
        return context

    def _decided(self) -> CommentMeta | None:
        """Return the comment that was decided a moment ago, so that the decision can be taken back at once."""
        number = self.request.GET.get("decided", "")
        if not re.fullmatch(ROW_ID, number):
            return None
        return (
            CommentMeta.objects.select_related("comment")
            .exclude(state__in=[State.HELD, State.WITHDRAWN])
            .filter(comment_id=number)
            .first()
        )


def decide(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Carry out one act on one comment and lead back to the desk."""
    act = request.POST.get("act", "")
    if act not in ACTS:
        raise Http404
    rule, sentence = ACTS[act]
    if rule(comment_id, by=request.user):  # type: ignore[arg-type]  # the permission rules out anonymous visitors
        messages.success(request, sentence)
    else:
        messages.warning(request, _("Nothing was changed: somebody has decided about this comment already."))
    back = get_valid_next_url_from_request(request) or reverse("anahata_blog_comments:index")
    if act != "undo":
        back = set_query_params(back, {"decided": comment_id})
    return redirect(back)


class CommentsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(MODERATE_COMMENTS)


class CommentDesk(ViewSet):
    """Comments: what is held first. Nothing can be added, edited or deleted here; a row that vanished would hide its replies."""

    name = "anahata_blog_comments"
    url_prefix = "blog/comments"
    icon = "comment"
    add_to_admin_menu = True
    menu_label = _("Comments")
    menu_name = "comments"
    menu_order = 150
    menu_item_class = CommentsMenuItem

    @cached_property
    def menu_url(self) -> str:
        return f"{reverse(self.get_url_name('index'))}?{urlencode({'state': State.HELD})}"

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        common: dict[str, Any] = super().get_common_view_kwargs(
            index_url_name=self.get_url_name("index"),
            index_results_url_name=self.get_url_name("index_results"),
            decide_url_name=self.get_url_name("decide"),
            **kwargs,
        )
        return common

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", self.construct_view(DeskView), name="index"),
            path("results/", self.construct_view(DeskView, results_only=True), name="index_results"),
            path(
                "<anahata_blog_id:comment_id>/decide/",
                permission_required(MODERATE_COMMENTS)(require_POST(decide)),
                name="decide",
            ),
        ]
