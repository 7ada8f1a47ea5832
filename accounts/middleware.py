"""The gate before views that ask for fresh proof."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.cache import add_never_cache_headers

from . import conf, proof


class FreshProofMiddleware:
    """Lead to a new code before the views named in FRESH_PROOF_VIEWS.

    Anonymous visitors pass: the view's own rule sends them to sign in, which is fresh proof as well.
    A form sent without proof is led back to the address it was sent to, to be looked at and sent again.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or match.view_name not in conf.fresh_proof_views() or not request.user.is_authenticated:
            return None
        if proof.is_fresh(request.session, request.user.pk):
            return None
        query = QueryDict(mutable=True)
        query["next"] = request.get_full_path()
        response = HttpResponseRedirect(f"{reverse('anahata_accounts:confirm')}?{query.urlencode(safe='/')}")
        add_never_cache_headers(response)
        return response
