"""Every setting that our code reads stands in the reference."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
READ = re.compile(
    r"""\bsettings\.([A-Z][A-Z0-9_]+)|getattr\(settings, "([A-Z][A-Z0-9_]+)"|env\.\w+\(\s*"([A-Z][A-Z0-9_]+)"|required\("([A-Z][A-Z0-9_]+)"|os\.environ\.get\("([A-Z][A-Z0-9_]+)\""""
)
# Django's, Wagtail's and allauth's own, which their documentation explains.
THEIRS = {
    "AUTH_USER_MODEL", "CACHES", "DATABASES", "DEBUG", "DEFAULT_FROM_EMAIL", "EMAIL_BACKEND", "INSTALLED_APPS", "LANGUAGE_CODE", "LOGIN_URL",
    "LOGIN_REDIRECT_URL", "MEDIA_ROOT", "MEDIA_URL", "MIDDLEWARE", "SECRET_KEY", "SESSION_COOKIE_NAME", "SITE_ID", "TASKS", "WAGTAIL_SITE_NAME",
    "ALLOWED_HOSTS", "COMMENTS_APP", "CSRF_COOKIE_NAME", "CSRF_TRUSTED_ORIGINS", "WAGTAIL_PAGE_MODEL", "COMMENTS_XTD_CONFIRM_EMAIL", "COMMENTS_XTD_MAX_THREAD_LEVEL", "DJANGO_SETTINGS_MODULE",
}  # fmt: skip


def names_read() -> set[str]:
    found = set()
    for folder in ("blog", "shop", "journal", "accounts", "home", "config"):
        for path in (ROOT / folder).rglob("*.py"):
            for groups in READ.findall(path.read_text()):
                found.update(name for name in groups if name)
    return found - THEIRS


def test_every_setting_stands_in_the_reference() -> None:
    reference = (ROOT / "docs" / "reference" / "settings.md").read_text()

    missing = {name for name in names_read() if f"`{name}`" not in reference}

    assert len(names_read()) > 20
    assert missing == set()


def test_every_variable_of_the_environment_stands_in_the_example() -> None:
    example = (ROOT / ".env.example").read_text()
    asked = re.findall(
        r"""(?:env\.\w+|required|keys|environ\.get)\(\s*"([A-Z][A-Z0-9_]+)\"""",
        "".join(path.read_text() for path in (ROOT / "config").rglob("*.py")),
    )

    missing = {
        name
        for name in asked
        if name != "DJANGO_SETTINGS_MODULE" and not re.search(rf"^(# )?{name}=", example, re.MULTILINE)
    }

    assert len(asked) > 15
    assert missing == set()
