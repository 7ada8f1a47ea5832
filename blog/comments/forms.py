"""The form of a comment."""

import uuid
from typing import Any

from django import forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext_lazy as _


class CommentForm(forms.Form):
    """Asks for a name, an address and the comment; of someone signed in only for what the account does not say."""

    name = forms.CharField(
        label=_("Name"),
        max_length=50,
        help_text=_("Shown with your comment. A pen name is fine."),
        error_messages={"required": _("Please give a name.")},
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        help_text=_("Never shown. Only a moderator can see it."),
        error_messages={
            "required": _("Please give an e-mail address."),
            "invalid": _("This does not look like an e-mail address."),
        },
    )
    text = forms.CharField(
        label=_("Comment"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 7}),
        error_messages={"required": _("Please write something first.")},
    )
    # People do not see it; programs that fill every field do.
    homepage = forms.CharField(label=_("Leave this empty"), required=False)
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, user: AbstractBaseUser | AnonymousUser, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"key": uuid.uuid4()})
        super().__init__(data, **kwargs)
        self.account_name, self.account_email = _identity(user)
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["email"].widget.attrs["autocomplete"] = "email"
        if self.account_name:
            del self.fields["name"]
        if self.account_email:
            del self.fields["email"]

    def full_clean(self) -> None:
        """Clean, and let the page open at the first field that needs another look."""
        super().full_clean()
        for name in self.fields:
            if name in self.errors:
                self.fields[name].widget.attrs["autofocus"] = True
                break

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def identity(self) -> tuple[str, str]:
        """Return name and address: the account's where there is one, whatever was posted beside it."""
        return self.account_name or self.cleaned_data["name"], self.account_email or self.cleaned_data["email"]


def _identity(user: AbstractBaseUser | AnonymousUser) -> tuple[str, str]:
    if not user.is_authenticated:
        return "", ""
    name = str(getattr(user, "get_full_name", str)()).strip()
    email = str(getattr(user, user.get_email_field_name(), "") or "")
    # An account without a name may answer with its address, which must never be shown.
    return ("" if "@" in name else name[:50]), email
