"""A machine of one's own: no keys, no services. Random keys are made once and kept in the data folder."""

from ..env import DATA_DIR, database, env
from ..local_keys import local_key
from .base import *

DEBUG = env.bool("DEBUG", default=True)
SERVE_MEDIA = True
WHITENOISE_USE_FINDERS = True  # static files as they stand in the tree, nothing to collect
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]

SECRET_KEY = env.str("SECRET_KEY", default="") or local_key(DATA_DIR, "django")
JOURNAL_MASTER_KEYS = {"local": local_key(DATA_DIR, "journal")}
JOURNAL_ACTIVE_MASTER_KEY = "local"

DATABASES = {"default": database(default=f"sqlite:///{DATA_DIR / 'anahata.sqlite3'}")}
CACHES = {"default": env.cache_url("CACHE_URL", default="dbcache://anahata_cache?max_entries=100000")}
MEDIA_ROOT = DATA_DIR / "media"

# The local Stripe: chosen here by an explicit setting, which production refuses.
STRIPE_SANDBOX_URL = env.str("STRIPE_SANDBOX_URL", default="http://127.0.0.1:8001")
STRIPE_SECRET_KEY = local_key(DATA_DIR, "stripe", prefix="sk_test_sandbox_")
STRIPE_WEBHOOK_SECRETS = [local_key(DATA_DIR, "stripe-webhook", prefix="whsec_")]
STRIPE_SANDBOX_STORE = DATA_DIR / "stripe-sandbox.sqlite3"
CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"].append(STRIPE_SANDBOX_URL)

# Mail is kept in a folder that every process shares; /_mail/ shows it to this machine.
MAILBOX_DIR = DATA_DIR / "mail"
MAILBOX_PAGE = True
globals().update(mail_settings("config.mailbox.MailboxBackend", "Anahata <hello@localhost>"))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
