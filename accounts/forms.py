"""The two forms of signing in."""

from allauth.account.adapter import get_adapter
from allauth.account.forms import ConfirmLoginCodeForm
from allauth.core import context
from django import forms
from django.utils.translation import gettext_lazy as _

from . import limits


class RequestCodeForm(forms.Form):
    """Ask for the address that a code goes to; whether it has an account makes no difference here."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        error_messages={
            "required": _("Please give your e-mail address."),
            "invalid": _("This does not look like an e-mail address."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if not limits.allows(context.request, "request_login_code", email):
            raise get_adapter().validation_error("too_many_login_attempts")
        return email


CODE_INPUT = {
    "autocomplete": "one-time-code",
    "autofocus": True,
    "inputmode": "numeric",
    "autocapitalize": "none",
    "spellcheck": "false",
}


class SignInCodeForm(ConfirmLoginCodeForm):
    """Ask for the code that was sent."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        error_messages={"required": _("Please enter the code from the mail.")},
        widget=forms.TextInput(attrs=CODE_INPUT),
    )


class ProofCodeForm(forms.Form):
    """Ask for the code of a fresh proof."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        error_messages={"required": _("Please enter the code from the mail.")},
        widget=forms.TextInput(attrs=CODE_INPUT),
    )
