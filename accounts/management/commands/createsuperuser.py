"""Make an account that may do everything, without asking for a password that nothing would accept."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from ...staff import ensure_superuser


class Command(BaseCommand):
    """Stand in for Django's command of this name; safe to repeat."""

    help = "Makes a superuser for an e-mail address. Signing in is by a code sent to it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--email", help="the address that is the login; asked for when left out")
        parser.add_argument("--noinput", "--no-input", action="store_false", dest="interactive", help="ask nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        email: str = options["email"] or (input("E-mail address: ") if options["interactive"] else "")
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError("Give an e-mail address: --email you@example.com") from error
        user = ensure_superuser(email)
        self.stdout.write(
            self.style.SUCCESS(f"{user.email} is a superuser. Sign in at /admin/ by a code sent to that address.")
        )
