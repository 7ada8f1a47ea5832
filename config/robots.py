"""What search engines are asked to leave alone, and where they find the rest (RFC 9309)."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

# Nothing to find there, or somebody's own. Access is refused by the pages themselves, never by this.
LEFT_ALONE = ("/admin/", "/account/", "/cart/", "/checkout/", "/orders/", "/journal/my/")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Allow every page but those of `LEFT_ALONE`, and name the sitemap."""
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in LEFT_ALONE),
        "Allow: /",
        "",
        f"Sitemap: {request.build_absolute_uri('/sitemap.xml')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
