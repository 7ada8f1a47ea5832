"""A Wagtail site with the shop and nothing else of this project."""

from tests.projects.base import *

INSTALLED_APPS = ["shop", *WAGTAIL_APPS]
ROOT_URLCONF = "tests.projects.shop_only.urls"
DATABASES["default"]["CONN_MAX_AGE"] = 0

STRIPE_SANDBOX_URL = "http://127.0.0.1:1"
STRIPE_SECRET_KEY = "sk_test_sandbox_" + "0" * 32
STRIPE_WEBHOOK_SECRETS = ["whsec_" + "0" * 32]
