"""Mail for development: kept in a folder that all processes share, shown at /_mail/ to this machine only."""

import ipaddress
import os
import re
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage as ParsedMessage
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.shortcuts import render
from django.urls import re_path
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

P = ParamSpec("P")

NAME = r"[0-9]{20}-[0-9a-f]{8}"
CODE = re.compile(r"^\s*([0-9]{4}-[0-9]{4})\s*$", re.MULTILINE)
MOST_SHOWN = 200
# Any one of them tells that a proxy or a tunnel stands between.
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Via")


class MailboxBackend(BaseEmailBackend):
    """Write each message as one file of MAILBOX_DIR; names sort by time, and a file appears whole or not at all."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.MAILBOX_DIR)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for message in email_messages:
            name = f"{time.time_ns():020d}-{secrets.token_hex(4)}"
            draft = folder / f".{name}"
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(message.message().as_bytes())
            draft.rename(folder / f"{name}.eml")
        return len(email_messages)


@dataclass(frozen=True, kw_only=True)
class KeptMail:
    """A mail of the store as its page shows it; `code` is the code it brings, or ""."""

    name: str
    subject: str
    to: str
    at: datetime
    text: str
    html: str

    @property
    def code(self) -> str:
        found = CODE.search(self.text)
        return found[1] if found else ""


def kept_names() -> list[str]:
    """Return the names of the newest mails, newest first."""
    folder = Path(settings.MAILBOX_DIR)
    names = sorted((path.stem for path in folder.glob("*.eml")), reverse=True) if folder.is_dir() else []
    return [name for name in names if re.fullmatch(NAME, name)][:MOST_SHOWN]


def kept_mail(name: str) -> KeptMail:
    """Return the mail `name`; raises FileNotFoundError for one that is not there, ValueError for what is no name."""
    if not re.fullmatch(NAME, name):
        raise ValueError(name)
    parsed = message_from_bytes((Path(settings.MAILBOX_DIR) / f"{name}.eml").read_bytes(), policy=policy.default)
    return KeptMail(
        name=name,
        subject=parsed["subject"] or "",
        to=parsed["to"] or "",
        at=datetime.fromtimestamp(int(name[:20]) / 1e9).astimezone(),
        text=_part(parsed, "plain"),
        html=_part(parsed, "html"),
    )


def _part(parsed: ParsedMessage, kind: str) -> str:
    body = parsed.get_body(preferencelist=(kind,))
    return str(body.get_content()) if body else ""


def this_machine_only(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Answer 404 unless MAILBOX_PAGE is set and the request comes straight from this machine, asking for it by its own name.

    The name is checked because a page elsewhere may have its own name point at 127.0.0.1; a forwarded
    request is refused because a tunnel or proxy on this machine would let anyone in.
    """

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        host = split_domain_port(request.get_host())[0]
        is_forwarded = any(header in request.headers for header in FORWARDED)
        is_local = host in {"localhost", "127.0.0.1", "[::1]"} and _is_loopback(request.META.get("REMOTE_ADDR", ""))
        if not settings.MAILBOX_PAGE or is_forwarded or not is_local:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


@never_cache
@require_safe
@this_machine_only
def mailbox(request: HttpRequest) -> HttpResponse:
    """List the mails, newest first."""
    return render(request, "anahata_site/mailbox.html", {"mails": [kept_mail(name) for name in kept_names()]})


@never_cache
@require_safe
@this_machine_only
def mail(request: HttpRequest, name: str) -> HttpResponse:
    """Show one mail: its code, its text with links to follow, and how its HTML looks."""
    return render(request, "anahata_site/mailbox_mail.html", {"mail": _mail_or_404(name)})


@never_cache
@require_safe
@xframe_options_sameorigin
@this_machine_only
def mail_html(request: HttpRequest, name: str) -> HttpResponse:
    """Show the HTML of one mail as a page that can run nothing, load nothing and send nothing."""
    html = _mail_or_404(name).html
    if not html:
        raise Http404
    response = HttpResponse(html)
    response["Content-Security-Policy"] = (
        "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'; frame-ancestors 'self'"
    )
    return response


def _mail_or_404(name: str) -> KeptMail:
    try:
        return kept_mail(name)
    except (FileNotFoundError, ValueError) as error:
        raise Http404 from error


app_name = "anahata_site"
urlpatterns = [
    re_path(r"^$", mailbox, name="mailbox"),
    re_path(rf"^(?P<name>{NAME})/$", mail, name="mail"),
    re_path(rf"^(?P<name>{NAME})/html$", mail_html, name="mail-html"),
]
