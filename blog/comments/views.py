"""Commenting over HTTP: forms that lose no word, and addresses of what is public."""

import re
from http import HTTPStatus
from ipaddress import ip_address

from django.contrib.contenttypes.models import ContentType
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from .. import conf
from ..models import ArticlePage
from .forms import CommentForm
from .models import CommentMeta
from .posting import ParentGone, TooMany, hold_comment
from .row_ids import ROW_ID
from .tree import page_of


@csrf_exempt  # checked within, so that a refusal keeps what was typed
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def post_comment(request: HttpRequest, article_id: int) -> HttpResponse:
    """Show the form under an article, or take a comment in. `?fragment` gives the bare form for the page's own module."""
    return _form(request, _readable(article_id))


@csrf_exempt
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reply_to_comment(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Show the form under a published comment, or take a reply in."""
    meta = get_object_or_404(CommentMeta.objects.select_related("comment"), comment_id=comment_id)
    takes_replies = meta.is_published and meta.comment.level < conf.deepest_reply()
    if request.method != "POST" and not takes_replies:
        raise Http404
    return _form(request, _readable(meta.article_id), comment_id, parent=meta if takes_replies else None)


@never_cache
@require_GET
def comment_held(request: HttpRequest, article_id: int) -> HttpResponse:
    """Say that the comment arrived and waits."""
    return render(request, "anahata_blog/comment_held.html", {"article": _readable(article_id)})


@require_GET
def comment(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Lead to a published comment in its place under the article."""
    article, meta = _published(comment_id)
    number = page_of(meta)
    query = f"?comments={number}" if number > 1 else ""
    return HttpResponseRedirect(f"{article.get_url(request)}{query}#comment-{comment_id}")


@require_GET
def article_of_comment(request: HttpRequest, content_type_id: int, object_pk: str) -> HttpResponse:
    """Lead to a commented article; anything else has no address here, whatever its own URL may be."""
    if content_type_id != ContentType.objects.get_for_model(ArticlePage).pk or not re.fullmatch(ROW_ID, object_pk):
        raise Http404
    return HttpResponseRedirect(_readable(int(object_pk)).get_url(request))


@require_GET
def comment_done(request: HttpRequest) -> HttpResponse:
    """Say that a comment arrived, where nobody knows under which article."""
    return render(request, "anahata_blog/comment_held.html")


class _CsrfCheck(CsrfViewMiddleware):
    """Answers with the reason of a refusal instead of a page."""

    def _reject(self, request: HttpRequest, reason: str) -> str:
        return reason


def _has_proof(request: HttpRequest) -> bool:
    check = _CsrfCheck(lambda request: HttpResponse())
    check.process_request(request)
    return check.process_view(request, None, (), {}) is None  # type: ignore[arg-type]  # it asks the view for `csrf_exempt`


def _readable(article_id: int) -> ArticlePage:
    article: ArticlePage = get_object_or_404(ArticlePage.objects.open_to_all(), pk=article_id)
    return article


def _published(comment_id: int) -> tuple[ArticlePage, CommentMeta]:
    meta = get_object_or_404(CommentMeta.objects.published().select_related("comment"), comment_id=comment_id)
    return _readable(meta.article_id), meta


def _form(
    request: HttpRequest, article: ArticlePage, parent_id: int | None = None, *, parent: CommentMeta | None = None
) -> HttpResponse:
    """Answer for both forms. `parent` is what may be shown of the comment that `parent_id` names: None unless public."""
    if not article.has_open_comments:
        context = {"article": article, "text": request.POST.get("text", "")}
        return render(request, "anahata_blog/comments_closed.html", context, status=HTTPStatus.FORBIDDEN)
    # The form under the article and those under comments may be open on one page.
    auto_id = f"reply-{parent_id}-%s" if parent_id else "comment-%s"
    if request.method != "POST":
        return _show(request, article, parent, CommentForm(user=request.user, auto_id=auto_id))

    form = CommentForm(request.POST, user=request.user, auto_id=auto_id)
    if not _has_proof(request):
        form.add_error(
            None, _("This form had been open for too long. Nothing is lost: press “Post comment” once more.")
        )
        return _show(request, article, parent, form, HTTPStatus.FORBIDDEN)
    if not form.is_valid():
        return _show(request, article, parent, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    name, email = form.identity()
    try:
        hold_comment(
            article,
            name=name,
            email=email,
            text=form.cleaned_data["text"],
            idempotency_key=form.cleaned_data["key"],
            parent_id=parent_id,
            user_id=request.user.pk if request.user.is_authenticated else None,
            ip_address=_address(request),
            has_filled_honeypot=bool(form.cleaned_data["homepage"]),
        )
    except ParentGone:
        form.add_error(
            None, _("The comment you answered is no longer here. Your words can still stand under the article.")
        )
        return _show(request, article, None, form, HTTPStatus.CONFLICT)
    except TooMany:
        form.add_error(
            None,
            _("Many comments came from here just now. Your words are kept below; please try again in a few minutes."),
        )
        return _show(request, article, parent, form, HTTPStatus.TOO_MANY_REQUESTS)
    return redirect("anahata_blog:comment-held", article.pk)


def _show(
    request: HttpRequest,
    article: ArticlePage,
    parent: CommentMeta | None,
    form: CommentForm,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    action = (
        reverse("anahata_blog:reply-to-comment", args=[parent.comment_id])
        if parent
        else reverse("anahata_blog:post-comment", args=[article.pk])
    )
    is_fragment = request.method != "POST" and "fragment" in request.GET
    template = "anahata_blog/includes/comment_form.html" if is_fragment else "anahata_blog/comment_form_page.html"
    context = {"article": article, "parent": parent.comment if parent else None, "form": form, "action": action}
    return render(request, template, context, status=status)


def _address(request: HttpRequest) -> str | None:
    """Return the network address of the visitor, as far as the site's own proxies vouch for it."""
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    proxies = conf.trusted_proxies()
    address = hops[-proxies] if proxies and len(hops) >= proxies else request.META.get("REMOTE_ADDR", "")
    try:
        return str(ip_address(address))
    except ValueError:
        return None
