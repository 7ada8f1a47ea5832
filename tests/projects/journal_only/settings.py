"""A stock Wagtail site with the journal, where a group decides who may write."""

from tests.projects.base import *

INSTALLED_APPS = ["journal", *WAGTAIL_APPS]
ROOT_URLCONF = "tests.projects.journal_only.urls"
LOGIN_URL = "/login/"
JOURNAL_ACCESS_POLICY = "tests.projects.journal_only.policy.may_write"
JOURNAL_MASTER_KEYS = {"one": "dGVzdC10ZXN0LXRlc3QtdGVzdC10ZXN0LXRlc3QtMzI="}
JOURNAL_ACTIVE_MASTER_KEY = "one"
