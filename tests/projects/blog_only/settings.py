"""A stock Wagtail site with the blog and what its comments need."""

from tests.projects.base import *

INSTALLED_APPS = ["django_comments_xtd", "django_comments", "blog", *WAGTAIL_APPS]
ROOT_URLCONF = "tests.projects.blog_only.urls"
COMMENTS_APP = "django_comments_xtd"
COMMENTS_XTD_CONFIRM_EMAIL = False
COMMENTS_XTD_THREADED_EMAILS = False
COMMENTS_XTD_MAX_THREAD_LEVEL = 3
