"""What holds everywhere. The other modules say what differs: keys, hosts, database, mail, Stripe."""

from typing import Any

import django
from django.utils.translation import gettext_lazy as _

from ..env import BASE_DIR, env

INSTALLED_APPS = [
    "config",
    "home",
    "accounts",
    # Before `blog`, whose AppConfig disconnects the handler by which it would publish held comments.
    "django_comments_xtd",
    "django_comments",
    "blog",
    "shop",
    "journal",
    "wagtail.contrib.redirects",
    "wagtail.embeds",
    "wagtail.sites",
    "accounts.wagtail_users.UsersConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "allauth",
    "allauth.account",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.sites",
    "django.contrib.sitemaps",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.middleware.AdminContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.FreshProofMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
AUTH_USER_MODEL = "anahata_accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "config" / "templates", BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
SERVE_MEDIA = False  # by this process; production has a server or a bucket for it

SITE_ID = 1  # django.contrib.sites, which django-comments needs; addresses come from Wagtail's Site
WAGTAIL_SITE_NAME = "Anahata"
WAGTAILADMIN_BASE_URL = env.str("PUBLIC_URL", default="http://localhost:8000")
WAGTAIL_ENABLE_UPDATE_CHECK = False  # asks others over the network
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAILUSERS_PASSWORD_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False  # the address is the login
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "pdf", "odt", "txt"]
TAGGIT_CASE_INSENSITIVE = True
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

# Signing in: a code by mail, nothing else, and one answer for known and unknown addresses.
AUTHENTICATION_BACKENDS = ["accounts.backends.CodeBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/account/"
LOGOUT_REDIRECT_URL = "account_login"  # which says that it is done
WAGTAIL_FRONTEND_LOGIN_URL = "account_login"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "request_login_code": "accounts.forms.RequestCodeForm",
    "confirm_login_code": "accounts.forms.SignInCodeForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # the code itself is the verification
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 8, "dashed": True}
# For each address 12 codes an hour and 3 tries for each code: someone who keeps guessing for a year has one chance in 300.
ACCOUNT_RATE_LIMITS = {
    "request_login_code": "20/m/ip,3/m/key,12/h/key",
    "send_proof_code": "3/m/key,12/h/key",
    "try_code": "3/15m/key",
}

# Shows the mails of MAILBOX_DIR at /_mail/ to whoever sits at this machine. Development and tests only.
MAILBOX_PAGE = False

# Views that ask for a code entered within the last ten minutes, by URL name.
FRESH_PROOF_VIEWS: list[str] = ["anahata_journal:export"]

# Comments: storage and threading come from django-comments-xtd, everything else from `blog.comments`.
COMMENTS_APP = "django_comments_xtd"
COMMENTS_XTD_CONFIRM_EMAIL = False
COMMENTS_XTD_THREADED_EMAILS = False
COMMENTS_XTD_MAX_THREAD_LEVEL = 3

# The two seams between apps that do not know each other.
JOURNAL_ACCESS_POLICY = "shop.entitlements.has_access"
SHOP_BUYER_FOR_EMAIL = "accounts.buyers.buyer_for_email"

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# What the worker does besides tasks: dotted path to a function without arguments, seconds between two runs.
WORKER_JOBS: dict[str, float] = {
    "blog.comments.moderation.publish_due_comments": 1,
    "shop.tasks.sweep_now": 30,
    "config.jobs.publish_scheduled": 60,
    "config.jobs.forget_done_tasks": 86_400,
}

# Nothing on a page comes from elsewhere or stands inline. form-action lists where a form's redirect may lead.
CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "object-src": ["'none'"],
        "form-action": ["'self'", "https://checkout.stripe.com"],
        "img-src": ["'self'", "data:"],
    },
}
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = False  # the editor's module reads it at each send
X_FRAME_OPTIONS = "DENY"  # Wagtail itself allows its preview panel to frame the page


def mail_settings(url: str, sender: str) -> dict[str, Any]:
    """Return the settings that send mail by `url`, in the words of the Django that runs.

    `url` may be the dotted path of a backend that needs no options.
    """
    config = env.email_url_config(url) if "://" in url else {"EMAIL_BACKEND": url}
    if django.VERSION < (6, 1):
        return {**config, "DEFAULT_FROM_EMAIL": sender, "SERVER_EMAIL": sender, "EMAIL_TIMEOUT": 10}
    names = {
        "EMAIL_HOST": "host",
        "EMAIL_PORT": "port",
        "EMAIL_HOST_USER": "username",
        "EMAIL_HOST_PASSWORD": "password",
        "EMAIL_USE_TLS": "use_tls",
        "EMAIL_USE_SSL": "use_ssl",
        "EMAIL_FILE_PATH": "file_path",
    }
    options = {option: config[name] for name, option in names.items() if config.get(name)}
    if config["EMAIL_BACKEND"].endswith("smtp.EmailBackend"):
        options["timeout"] = 10
    return {
        "MAILERS": {"default": {"BACKEND": config["EMAIL_BACKEND"], "OPTIONS": options}},
        "DEFAULT_FROM_EMAIL": sender,
        "SERVER_EMAIL": sender,
    }
