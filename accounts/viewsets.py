"""Accounts in the Wagtail admin: one name instead of two, no password."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.views.users import UserViewSet as WagtailUserViewSet

from journal.keyring import profile_of

from .models import User


class NewAccountForm(UserCreationForm):
    """Make an account; its owner signs in by a code sent to the address."""

    first_name = None
    last_name = None

    class Meta:
        model = User
        fields = ["email", "name", "is_superuser", "groups"]
        widgets = {"groups": forms.CheckboxSelectMultiple}

    def save(self, commit: bool = True) -> User:
        self.instance.set_unusable_password()
        user: User = super().save(commit)
        return user


class AccountForm(UserEditForm):
    """Change an account. The address is the login: the old one opens nothing any more, the new one everything.

    So the address of someone who keeps a journal stays: staff could give it one of their own, and read.
    """

    first_name = None
    last_name = None

    class Meta:
        model = User
        fields = ["email", "name", "is_active", "is_superuser", "groups"]
        widgets = {"groups": forms.CheckboxSelectMultiple}

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].strip().lower()
        if email != self.instance.email and profile_of(self.instance):
            raise forms.ValidationError(
                _("This person keeps a journal, and the new address would open it. It cannot be changed here.")
            )
        return email


class UserViewSet(WagtailUserViewSet):
    """Serve Wagtail's pages for users with the fields that an account here has."""

    template_prefix = "anahata_accounts/users/"

    def get_form_class(self, for_update: bool = False) -> type[Any]:
        return AccountForm if for_update else NewAccountForm
