"""Whether this process answers."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache


@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 as long as the process serves requests; asks nothing of database or cache."""
    return HttpResponse("ok\n", content_type="text/plain")
