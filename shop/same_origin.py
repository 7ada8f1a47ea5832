"""Refuse posts from other sites without a token, so that pages with a form can be cached and set no cookie."""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

View = Callable[[HttpRequest], HttpResponse]


def is_same_origin(request: HttpRequest) -> bool:
    """Whether the browser says that a page of this very site sent the request; False where it does not say.

    https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    sender = request.headers.get("Origin") or request.headers.get("Referer", "")
    try:
        parts = urlsplit(sender)
    except ValueError:
        return False  # no browser sends that
    own = f"{request.scheme}://{request.get_host()}"
    return f"{parts.scheme}://{parts.netloc}" in {own, *settings.CSRF_TRUSTED_ORIGINS}


def same_origin_only(refused: View) -> Callable[[View], View]:
    """Let only posts of this site through, in place of Django's token; the others get what `refused` answers."""

    def decorate(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def guarded(request: HttpRequest) -> HttpResponse:
            if request.method == "POST" and not is_same_origin(request):
                return refused(request)
            return view(request)

        return guarded

    return decorate
