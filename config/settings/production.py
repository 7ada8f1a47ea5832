"""Production: every secret comes from the environment, and starting without one is refused."""

from django.core.exceptions import ImproperlyConfigured

from ..env import BASE_DIR, database, env, keys, required
from .base import *

DEBUG = False
SECRET_KEY = required("SECRET_KEY", "it signs sessions and cookies; 50 random characters or more.")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
if not ALLOWED_HOSTS:
    required("ALLOWED_HOSTS", "the host names this site answers to, separated by commas.")
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS names this site's hosts; with * anyone could have mails point at theirs.")
WAGTAILADMIN_BASE_URL = required("PUBLIC_URL", "the site's address with https://, used in mails.")
if not WAGTAILADMIN_BASE_URL.startswith("https://"):
    raise ImproperlyConfigured("PUBLIC_URL must begin with https://: codes and orders are reached through it.")
CSRF_TRUSTED_ORIGINS = [WAGTAILADMIN_BASE_URL]

DATABASES = {"default": database()}
CACHES = {"default": env.cache_url("CACHE_URL", default="dbcache://anahata_cache?max_entries=100000")}
STATIC_ROOT = env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))
MEDIA_ROOT = env.str("MEDIA_ROOT", default=str(BASE_DIR / "media"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

JOURNAL_MASTER_KEYS = keys("JOURNAL_MASTER_KEYS")
if not JOURNAL_MASTER_KEYS:
    required("JOURNAL_MASTER_KEYS", "id:key pairs that wrap every writer's key; losing them loses every journal.")
JOURNAL_ACTIVE_MASTER_KEY = env.str("JOURNAL_ACTIVE_MASTER_KEY", default=next(reversed(JOURNAL_MASTER_KEYS)))

STRIPE_SECRET_KEY = required("STRIPE_SECRET_KEY", "a key of your Stripe account, sk_test_… or sk_live_….")
STRIPE_WEBHOOK_SECRETS = env.list("STRIPE_WEBHOOK_SECRETS", default=[])
if not STRIPE_WEBHOOK_SECRETS:
    required(
        "STRIPE_WEBHOOK_SECRETS", "whsec_…, the signing secret of the endpoint /stripe/webhook/; two while rolling it."
    )
if env.str("STRIPE_SANDBOX_URL", default=""):
    raise ImproperlyConfigured(
        "STRIPE_SANDBOX_URL is for development: the local Stripe takes no money. Unset it in production."
    )
if env.bool("MAILBOX_PAGE", default=False):
    raise ImproperlyConfigured("MAILBOX_PAGE shows every mail to whoever asks. Unset it in production.")

globals().update(
    mail_settings(
        required("EMAIL_URL", "how mail leaves, such as smtp+tls://user:password@host:587."),
        required("DEFAULT_FROM_EMAIL", "the sender of the site's mails."),
    )
)

SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("TRUST_PROXY", default=False) else None
ALLAUTH_TRUSTED_PROXY_COUNT = BLOG_TRUSTED_PROXY_COUNT = 1 if env.bool("TRUST_PROXY", default=False) else 0
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
