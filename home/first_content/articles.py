"""The two articles of the first content."""

import json
from uuid import UUID

from django.db import transaction
from django.utils.html import escape
from wagtail.models import Page

from blog.models import ArticlePage

from .questions import QUESTIONS, stable_id

CHAKRA = "heart-chakra-imbalances-and-trust-issues"
STRUGGLING = "struggling-to-trust"
