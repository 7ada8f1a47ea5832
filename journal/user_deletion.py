"""Refuse, with a sentence, to delete a user in Wagtail's admin whose journal would go with them."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from .models import JournalProfile


def refuse_deletion(request: HttpRequest, user: Any) -> HttpResponse | None:
    """Lead back to the users when `user` keeps data that only an erasure may delete, else let the deletion go on."""
    return _refusal(request, [user.pk])


def refuse_bulk_deletion(
    request: HttpRequest, action_type: str, objects: Iterable[Any], action_class_instance: Any
) -> HttpResponse | None:
    """Do the same for a deletion of several users; other acts on other things go on."""
    users = [item.pk for item in objects if isinstance(item, get_user_model())]
    return _refusal(request, users) if action_type == "delete" and users else None


def _refusal(request: HttpRequest, user_ids: list[int]) -> HttpResponse | None:
    if not JournalProfile.objects.filter(user_id__in=user_ids).exists():
        return None
    messages.error(request, _("An account with private data is deleted by an erasure only, which its owner asks for."))
    return redirect("wagtailusers_users:index")
