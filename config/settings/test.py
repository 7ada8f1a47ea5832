"""The test suite: SQLite unless TEST_DATABASE_URL names another, a cache shared by processes unless TEST_CACHE_URL does."""

import secrets
import tempfile
from pathlib import Path

from ..env import database, env
from .base import *

DEBUG = False
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
SECRET_KEY = secrets.token_urlsafe(50)
JOURNAL_MASTER_KEYS = {"test": "dGVzdC10ZXN0LXRlc3QtdGVzdC10ZXN0LXRlc3QtMzI="}
JOURNAL_ACTIVE_MASTER_KEY = "test"

_scratch = Path(tempfile.mkdtemp(prefix="anahata-test-"))
DATABASES = {
    "default": database(default="sqlite://:memory:")
    if not env.str("TEST_DATABASE_URL", default="")
    else env.db_url("TEST_DATABASE_URL")
}
DATABASES["default"]["CONN_MAX_AGE"] = 0
CACHES = {"default": env.cache_url("TEST_CACHE_URL", default="dbcache://anahata_cache?max_entries=100000")}
MEDIA_ROOT = _scratch / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

STRIPE_SANDBOX_URL = "http://127.0.0.1:1"  # each test that buys starts its own local Stripe
STRIPE_SECRET_KEY = "sk_test_sandbox_" + secrets.token_urlsafe(16)
STRIPE_WEBHOOK_SECRETS = ["whsec_" + secrets.token_urlsafe(16)]

MAILBOX_DIR = _scratch / "mail"
MAILBOX_PAGE = True
globals().update(mail_settings("memorymail://", "Anahata <hello@example.com>"))
