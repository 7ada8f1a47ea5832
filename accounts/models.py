"""People: an account is an e-mail address, and signing in is by a code sent to it."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    """Make accounts; a missing password becomes an unusable one."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Return a new user; raises ValueError without an address, IntegrityError for one that is taken."""
        if not email:
            raise ValueError("An account needs an e-mail address.")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """Someone with an account. Addresses are kept in lower case and are unique whatever their case."""

    email = models.EmailField(
        _("e-mail address"), unique=True, error_messages={"unique": _("There is an account for this address.")}
    )
    name = models.CharField(_("name"), max_length=120, blank=True)
    is_staff = models.BooleanField(
        _("staff"), default=False, help_text=_("May enter the admin, as far as groups allow.")
    )
    is_active = models.BooleanField(_("active"), default=True, help_text=_("Untick instead of deleting an account."))
    joined_at = models.DateTimeField(_("joined"), default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [models.UniqueConstraint(Lower("email"), name="anahata_accounts_user_email_any_case")]

    def __str__(self) -> str:
        return self.email

    def clean(self) -> None:
        super().clean()
        self.email = self.email.strip().lower()

    def get_full_name(self) -> str:
        return self.name or self.email

    def get_short_name(self) -> str:
        return self.name or self.email.partition("@")[0]
