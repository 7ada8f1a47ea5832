"""Middleware of the site."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

# Wagtail 8's admin has inline scripts and styles (list filters, preview); measured, nothing more was needed.
ADMIN_POLICY: dict[str, Any] = {
    "default-src": ["'self'"],
    "base-uri": ["'none'"],
    "object-src": ["'none'"],
    "frame-ancestors": ["'self'"],
    "form-action": ["'self'"],
    "script-src": ["'self'", "'unsafe-inline'"],
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "data:", "blob:"],
}


class AdminContentSecurityPolicyMiddleware:
    """Give Wagtail's admin, and pages shown in its preview, the policy that its own markup needs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith("/admin/"):
            response._csp_replace = ADMIN_POLICY  # type: ignore[attr-defined]  # django-csp's own interface
        return response
