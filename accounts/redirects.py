"""Where a form may send someone next: this site, nowhere else."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def is_same_site(request: HttpRequest, url: str) -> bool:
    """Say whether `url` leads to the very host that was asked, over no weaker a scheme."""
    return url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()}, require_https=request.is_secure())


def next_url(request: HttpRequest) -> str:
    """Return the `next` of the form or the address, or "" when it is missing or leads off this site."""
    url = request.POST.get("next") or request.GET.get("next") or ""
    return url if is_same_site(request, url) else ""
