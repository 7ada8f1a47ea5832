"""Codes by mail: the only way in, and the proof asked for again before what matters."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.stages import LoginByCodeStage, LoginStageController
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from . import proof
from .models import User

HIDDEN = "address_hidden"


def send_sign_in_code(request: HttpRequest, email: str, *, hidden: bool = False) -> None:
    """Mail a code for signing in to `email`, or a kind word when no open account has that address.

    Either way the session awaits a code, so that nothing in the answer tells the two apart. A code
    awaited before is void. `hidden`: pages show the address in part only, since it was not typed here.

    Raises:
        MailNotSent: the mail could not be handed over; nothing is awaited then.

    """
    user = User.objects.filter(email=email, is_active=True).first()
    process = LoginCodeVerificationProcess.initiate(request=request, user=user, email=email)
    process.state[HIDDEN] = hidden
    process.persist()


def awaited(request: HttpRequest) -> dict[str, Any] | None:
    """Return what the session knows of the sign-in code it awaits ("email", "at", …), or None."""
    stage = LoginStageController.enter(request, LoginByCodeStage.key)
    return stage.state if stage else None


def send_proof_code(session: SessionBase, user: User) -> None:
    """Mail a new code to the account's own address and await it in this session.

    Raises:
        MailNotSent: the mail could not be handed over; the code awaited before stays good.

    """
    adapter = get_adapter()
    code = adapter.generate_login_code()
    adapter.send_mail("account/email/proof_code", user.email, {"code": code})
    proof.ask(session, user.pk, code)
