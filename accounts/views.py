"""Signing in and out, the account's own page, and the gate that asks for fresh proof."""

from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.views import ConfirmLoginCodeView, LogoutView, RequestLoginCodeView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from shop.orders import email_for_code_token, masked

from . import codes, limits, proof
from .adapter import MailNotSent
from .forms import ProofCodeForm
from .models import User
from .redirects import next_url


class SignInView(RequestLoginCodeView):
    """Ask for an address and mail a code to it."""

    template_name = "account/login.html"

    def _redirect_to_pending_stage(self, request: HttpRequest, stage: Any) -> None:
        """Let someone who mistyped the address come back and write another."""

    def form_valid(self, form: Form) -> HttpResponse:
        try:
            codes.send_sign_in_code(self.request, form.cleaned_data["email"])
        except MailNotSent:
            form.add_error(None, _said("mail_not_sent"))
            return render(self.request, self.template_name, self.get_context_data(form=form), status=503)
        return _to_code_page(self.request)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "next": next_url(self.request)}


class CodeView(ConfirmLoginCodeView):
    """Take the code and sign in."""

    template_name = "account/confirm_login_code.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # Counted outside the session: requests sent at the same moment each read the session's own count as zero.
        if not limits.allows(request, "try_code", f"{request.session.session_key}:{self._process.state['at']}"):
            return self._start_over()
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response

    def form_valid(self, form: Form) -> HttpResponse:
        user = self._process.user
        if user is None or user.email != self._process.state["email"]:  # changed by staff since the code was sent
            return self._start_over()
        response: HttpResponse = super().form_valid(form)
        return response

    def form_invalid(self, form: Form) -> HttpResponse:
        if self._process.record_invalid_attempt():
            return render(self.request, self.template_name, self.get_context_data(form=form))
        return self._start_over()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        state = self._process.state
        address = masked(state["email"]) if state.get(codes.HIDDEN) else state["email"]
        return {**super().get_context_data(**kwargs), "address": address, "next": next_url(self.request)}

    def _start_over(self) -> HttpResponse:
        self._process.abort()
        messages.error(self.request, _said("too_many_login_attempts"))
        return _to_sign_in(self.request)


sign_in = SignInView.as_view()
enter_code = CodeView.as_view()
sign_out = never_cache(LogoutView.as_view())


@never_cache
@require_POST
def send_again(request: HttpRequest) -> HttpResponse:
    """Mail another code to the address that this session awaits one from."""
    state = codes.awaited(request)
    if request.user.is_authenticated or state is None:
        return _to_sign_in(request)
    return _send_and_go_on(request, state["email"], hidden=bool(state.get(codes.HIDDEN)))


@never_cache
@require_POST
def send_code(request: HttpRequest) -> HttpResponse:
    """Mail a code to the address of an order, named by the signed token in `order`, never by what was typed."""
    if request.user.is_authenticated:
        return HttpResponseRedirect(next_url(request) or reverse("anahata_accounts:account"))
    email = email_for_code_token(request.POST.get("order", ""))
    if email is None:
        return _to_sign_in(request)
    return _send_and_go_on(request, email.strip().lower(), hidden=True)


@never_cache
@login_required
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Show who is signed in, and where they can go."""
    return render(request, "anahata_accounts/account.html")


@never_cache
@login_required
def confirm(request: HttpRequest) -> HttpResponse:
    """Ask for a new code, then go on to `next`."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - for the type checker; login_required has seen to it
    onward = next_url(request) or reverse("anahata_accounts:account")
    if proof.is_fresh(request.session, user.pk):
        return HttpResponseRedirect(onward)
    if request.method != "POST":
        return _confirm_page(request, user, ProofCodeForm())
    if request.POST.get("action") == "send":
        return _send_proof(request, user)
    form = ProofCodeForm(request.POST)
    given = _answer(request, user, form.cleaned_data["code"] if form.is_valid() else "")
    if given is proof.Answer.RIGHT:
        return HttpResponseRedirect(onward)
    form.errors.pop("code", None)
    form.add_error("code", _said("incorrect_code" if given is proof.Answer.WRONG else "too_many_login_attempts"))
    return _confirm_page(request, user, form)


@never_cache
def staff_door(request: HttpRequest) -> HttpResponse:
    """Lead staff to the one place where everybody signs in, and say kindly who has no business here."""
    onward = next_url(request) or reverse("wagtailadmin_home")
    if not request.user.is_authenticated:
        return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': onward}, safe='/')}")
    if request.user.has_perm("wagtailadmin.access_admin"):
        return HttpResponseRedirect(onward)
    return render(request, "anahata_accounts/no_admin_access.html", status=403)


def _said(code: str) -> Any:
    return get_adapter().error_messages[code]


def _with_next(request: HttpRequest, name: str) -> HttpResponse:
    onward = next_url(request)
    return HttpResponseRedirect(reverse(name) + (f"?{urlencode({'next': onward}, safe='/')}" if onward else ""))


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    return _with_next(request, "account_login")


def _to_code_page(request: HttpRequest) -> HttpResponse:
    return _with_next(request, "account_confirm_login_code")


def _send_and_go_on(request: HttpRequest, email: str, *, hidden: bool) -> HttpResponse:
    if not limits.allows(request, "request_login_code", email):
        messages.error(request, _said("too_many_login_attempts"))
    else:
        try:
            codes.send_sign_in_code(request, email, hidden=hidden)
        except MailNotSent:
            messages.error(request, _said("mail_not_sent"))
    return _to_code_page(request) if codes.awaited(request) else _to_sign_in(request)


def _confirm_page(request: HttpRequest, user: User, form: ProofCodeForm) -> HttpResponse:
    context = {
        "form": form,
        "is_sent": proof.challenge(request.session, user.pk) is not None,
        "next": next_url(request),
    }
    return render(request, "anahata_accounts/confirm.html", context)


def _send_proof(request: HttpRequest, user: User) -> HttpResponse:
    problem = "" if limits.allows(request, "send_proof_code", str(user.pk)) else "too_many_login_attempts"
    if not problem:
        try:
            codes.send_proof_code(request.session, user)
        except MailNotSent:
            problem = "mail_not_sent"
    if problem:
        messages.error(request, _said(problem))
    return _with_next(request, "anahata_accounts:confirm")


def _answer(request: HttpRequest, user: User, code: str) -> proof.Answer:
    name = proof.challenge(request.session, user.pk)
    # Counted outside the session too, for codes tried at the same moment.
    if name is not None and not limits.allows(request, "try_code", name):
        proof.forget(request.session)
        return proof.Answer.OVER
    return proof.answer(request.session, user.pk, code)
