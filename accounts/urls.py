"""Everything under /account/. Of allauth's own names only those that a code needs; nothing for passwords."""

from django.urls import include, path

from . import views

own = [
    path("", views.account, name="account"),
    path("confirm/", views.confirm, name="confirm"),
    path("send-code/", views.send_code, name="send-code"),
    path("login/code/again/", views.send_again, name="send-again"),
]

urlpatterns = [
    path("", include((own, "anahata_accounts"))),
    path("login/code/", views.enter_code, name="account_confirm_login_code"),
    path("logout/", views.sign_out, name="account_logout"),
    # allauth leads to the last two by name; here all three are the one page that asks for an address.
    path("login/", views.sign_in, name="account_login"),
    path("login/", views.sign_in, name="account_request_login_code"),
    path("login/", views.sign_in, name="account_signup"),
]
