"""The writer's pages: read the request, call one rule, answer. None of them may be stored by a browser or a proxy."""

import logging
import re
import secrets
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from . import access, export, reading, tickets
from .crypto import JournalCryptoError
from .models import Guide, Prompt
from .reading import OpenAnswer
from .tickets import Ticket
from .writing import TEXT_LIMIT, AccessEnded, Draft, KeptBoth, Outcome, Saved, TooLong, write

logger = logging.getLogger(__name__)

WRITER_NAME = re.compile(r"[A-Za-z0-9-]{8,36}")
ETAG = re.compile(r'"(\d{1,9})"')
COUNT = re.compile(r"\d{1,15}")

View = Callable[..., HttpResponseBase]


def personal(view: View) -> View:
    """Ask for a sign-in first, and keep the answer out of every cache."""
    return never_cache(login_required(view))


@personal
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the guides of someone's journal."""
    return render(request, "anahata_journal/home.html", {"shelf": reading.shelf(request.user)})


@personal
@require_safe
def guide(request: HttpRequest, guide_key: UUID) -> HttpResponse:
    """Show a guide as its writer walks it; someone without access or words is led to its public page."""
    found = get_object_or_404(Guide, pk=guide_key)
    is_writer = access.may_write(request.user, found.pk)
    written = reading.answered(request.user, found)
    if not (is_writer or written):
        return _to_public_face(request, found.pk)
    context = {
        "guide": found,
        "is_writer": is_writer,
        "sections": reading.sections_for(found, written),
        "earlier": reading.earlier_prompts(found, written),
    }
    return render(request, "anahata_journal/guide.html", context)


@never_cache
@csrf_exempt  # `_save_form` checks it itself: a refusal must give the typed text back
@sensitive_post_parameters("text")
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables()
def answer(request: HttpRequest, prompt_uuid: UUID) -> HttpResponse:
    """Show the editor of a question, and save by its button."""
    prompt = get_object_or_404(Prompt.objects.select_related("guide"), pk=prompt_uuid)
    if request.method == "POST":
        return _save_form(request, prompt)
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    is_writer = access.may_write(request.user, prompt.guide_id)
    try:
        found = reading.open_answer(request.user, prompt)
    except JournalCryptoError as error:
        return _unopened(request, error)
    if not (is_writer or found):
        return _to_public_face(request, prompt.guide_id)
    found = found or OpenAnswer()
    if not is_writer:
        return _editor(request, prompt, found, state="read_only")
    state = "saved" if found.saved_at else "blank"
    return _editor(request, prompt, found, state=state, text=found.text, ticket=tickets.issue(request.user, prompt))


@never_cache
@csrf_exempt  # checked below, after the sign-in: who is signed out is told that, and in JSON
@require_http_methods(["PUT"])
@sensitive_variables()
def save_answer(request: HttpRequest, prompt_uuid: UUID) -> HttpResponse:
    """Save the request's body, a plain text, as the words on a question; answer in JSON.

    If-Match holds the revision it is based on, X-Writer the page load, X-Seq its count, X-Ticket the page's ticket.
    """
    if not request.user.is_authenticated:
        return JsonResponse({"signed_out": True}, status=401)
    if _is_forged(request):
        return JsonResponse({"error": "The CSRF token is missing or wrong."}, status=403)
    prompt = get_object_or_404(Prompt, pk=prompt_uuid)
    ticket = tickets.read(request.headers.get("X-Ticket", ""))
    if ticket is None or not ticket.is_for(request.user, prompt):
        return JsonResponse({"error": "This page belongs to someone else's session."}, status=404)
    if "If-Match" not in request.headers:
        return JsonResponse({"error": "If-Match is missing."}, status=428)
    length = _declared_length(request)
    if length is None:  # sent in chunks: Django would read an empty text
        return JsonResponse({"error": "Content-Length is missing."}, status=411)
    if length > TEXT_LIMIT:
        return JsonResponse({"limit": TEXT_LIMIT}, status=413)
    draft = None if _is_cut_off(request) else _draft(request)
    if draft is None:
        return JsonResponse({"error": "A header or the text is malformed."}, status=400)
    try:
        return _told(write(request.user, prompt, ticket, draft), draft)
    except TooLong:
        return JsonResponse({"limit": TEXT_LIMIT}, status=413)
    except JournalCryptoError as error:
        logger.error("A journal does not open: %s", error)
        return JsonResponse({"error": "The journal does not open just now."}, status=503)


@never_cache
@require_safe
def answer_question(request: HttpRequest, guide_key: UUID, question_id: str) -> HttpResponse:
    """Lead whoever may write in the guide to the editor of its question, and everyone else to what the guide is."""
    if access.may_write(request.user, guide_key):
        # PostgreSQL refuses to look for a NUL.
        prompt = Prompt.objects.filter(guide_id=guide_key, block_id=question_id.replace("\0", "")).first()
        if prompt is not None:
            return redirect("anahata_journal:answer", prompt.pk)
    return _to_public_face(request, guide_key)


@personal
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables()
def export_journal(request: HttpRequest) -> HttpResponseBase:
    """Explain the export, and hand it over when it is asked for."""
    if request.method != "POST":
        return render(request, "anahata_journal/export.html")
    try:
        pieces = export.markdown(request.user)
    except JournalCryptoError as error:
        return _unopened(request, error)
    return StreamingHttpResponse(
        pieces,
        content_type="text/markdown; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="journal-{timezone.localdate():%Y-%m-%d}.md"'},
    )


def _to_public_face(request: HttpRequest, guide_key: UUID) -> HttpResponse:
    page = reading.public_face(guide_key)
    return redirect((page and page.get_url(request)) or "/")


@sensitive_variables()
def _save_form(request: HttpRequest, prompt: Prompt) -> HttpResponse:
    """Save what the form holds; whatever goes wrong, the page comes back with the text in it."""
    if _is_cut_off(request):
        return HttpResponseBadRequest()  # nobody is there to read it
    text = _lines(request.POST.get("text", ""))
    signed = request.POST.get("ticket", "")
    ticket = tickets.read(signed)
    if _is_forged(request):
        return _editor(request, prompt, OpenAnswer(), state="press_again", text=text, ticket=signed, status=403)
    if ticket is None or not ticket.is_for(request.user, prompt):
        return _editor(request, prompt, OpenAnswer(), state="signed_out", text=text, ticket=signed, status=401)
    try:
        outcome = _write_form(request, prompt, ticket, text)
        if isinstance(outcome, Saved):
            done = "done" in request.POST
            return redirect("anahata_journal:guide", prompt.guide_id) if done else redirect(request.path)
        found = reading.open_answer(request.user, prompt) or OpenAnswer()
    except TooLong:
        return _editor(request, prompt, _based_on(request), state="too_long", text=text, ticket=signed, status=413)
    except (JournalCryptoError, DatabaseError) as error:
        logger.error("A text was not saved: %s", type(error).__name__)
        return _editor(request, prompt, _based_on(request), state="retrying", text=text, ticket=signed, status=503)
    if isinstance(outcome, AccessEnded):
        return _editor(request, prompt, found, state="read_only", status=403)
    return _editor(request, prompt, found, state="conflict", text=text, ticket=signed, status=409)


@sensitive_variables()
def _write_form(request: HttpRequest, prompt: Prompt, ticket: Ticket, text: str) -> Outcome:
    """Save a form's text as a page load of its own: pressed twice it finds itself saved, pressed after others a conflict."""
    draft = Draft(text=text, base=_based_on(request).revision, writer=secrets.token_hex(12), seq=1)
    return write(request.user, prompt, ticket, draft)


def _based_on(request: HttpRequest) -> OpenAnswer:
    """Return what the form says of the revision its text is based on."""
    revision = request.POST.get("revision", "")
    return OpenAnswer(revision=int(revision) if COUNT.fullmatch(revision) else 0)


@sensitive_variables()
def _editor(
    request: HttpRequest,
    prompt: Prompt,
    found: OpenAnswer,
    *,
    state: str,
    text: str = "",
    ticket: str = "",
    status: int = 200,
) -> HttpResponse:
    """Draw the editor with `text` in its field, beside what is kept; without a ticket there is no field."""
    context: dict[str, Any] = {
        "prompt": prompt,
        "found": found,
        "state": state,
        "text": text,
        "ticket": ticket,
        "shows_field": state != "read_only",
        "is_unsaved": state in {"press_again", "signed_out", "too_long", "retrying"},
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
        "login_url": f"{resolve_url(settings.LOGIN_URL)}?next={reverse('anahata_journal:answer', args=[prompt.pk])}",
    }
    return render(request, "anahata_journal/answer.html", context, status=status)


def _unopened(request: HttpRequest, error: JournalCryptoError) -> HttpResponse:
    logger.error("A journal does not open: %s", error)
    return render(request, "anahata_journal/unopened.html", status=503)


@sensitive_variables()
def _draft(request: HttpRequest) -> Draft | None:
    """Return what the request sends, or None when a part of it is malformed."""
    base = ETAG.fullmatch(request.headers["If-Match"])
    name = WRITER_NAME.fullmatch(request.headers.get("X-Writer", ""))
    count = COUNT.fullmatch(request.headers.get("X-Seq", ""))
    if not (base and name and count):
        return None
    try:
        text = _lines(request.body.decode())
    except UnicodeDecodeError:
        return None
    return Draft(text=text, base=int(base[1]), writer=name[0], seq=int(count[0]))


@sensitive_variables()
def _told(outcome: Outcome, draft: Draft) -> JsonResponse:
    """Return the reply that tells the page what became of its draft."""
    if isinstance(outcome, AccessEnded):
        return JsonResponse({"access_ended": True, "kept": True}, status=403)
    body: dict[str, Any] = {"revision": outcome.revision, "saved_at": outcome.saved_at}
    if isinstance(outcome, KeptBoth):
        return JsonResponse({**body, "current": outcome.current, "kept": draft.text}, status=409)
    return JsonResponse(body, headers={"ETag": f'"{outcome.revision}"'})


def _lines(text: str) -> str:
    """Return `text` with the line ends that a text field has in a script; forms send others."""
    return text.replace("\r\n", "\n")


def _declared_length(request: HttpRequest) -> int | None:
    length = request.META.get("CONTENT_LENGTH") or ""
    return int(length) if COUNT.fullmatch(length) else None


def _is_cut_off(request: HttpRequest) -> bool:
    """Say whether less came in than was announced, as when a line breaks: half a text must not replace a whole one."""
    return len(request.body) < (_declared_length(request) or 0)


def _is_forged(request: HttpRequest) -> bool:
    """Say whether Django's check of the CSRF token refuses the request; the page it would answer with is not used."""
    refusal = CsrfViewMiddleware(lambda _: HttpResponse()).process_view(request, _checked_view, (), {})
    return refusal is not None


def _checked_view(request: HttpRequest) -> HttpResponse:
    raise NotImplementedError
