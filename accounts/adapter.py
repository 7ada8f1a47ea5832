"""What django-allauth does differently here: one door, no sign-up, our mails, this site's addresses only."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .redirects import is_same_site


class MailNotSent(Exception):
    """Raised when the mail server cannot be reached or refuses; trying again later may work."""


class AccountAdapter(DefaultAccountAdapter):
    """Serve sign-in by code, for accounts that buying or staff have made."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_code": _("That is not the code. Please look at the newest mail from us."),
        "too_many_login_attempts": _("That was tried quite often. Please wait a few minutes and ask for a new code."),
        "mail_not_sent": _("We cannot send mail right now. Please try again in a few minutes."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str) -> bool:
        return is_same_site(self.request, url)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send the mail of `template_prefix`.

        Raises:
            MailNotSent: it could not be handed over.

        """
        message = self.render_mail(
            template_prefix, email, {"site_name": settings.WAGTAIL_SITE_NAME, "email": email, **context}
        )
        try:
            message.send()
        except OSError as error:  # SMTPException is one too
            raise MailNotSent from error

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        messages.error(request, self.error_messages["incorrect_code"])
        return HttpResponseRedirect(reverse("account_login"))
