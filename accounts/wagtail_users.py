"""Wagtail's app for users, told which pages to use."""

from wagtail.users.apps import WagtailUsersAppConfig


class UsersConfig(WagtailUsersAppConfig):
    """Stand in INSTALLED_APPS for "wagtail.users"."""

    user_viewset = f"{__name__.rpartition('.')[0]}.viewsets.UserViewSet"
