"""The shop's addresses beside its pages."""

from django.urls import path

from . import views

app_name = "anahata_shop"
urlpatterns = [
    path("cart/", views.cart, name="cart"),
    path("cart/add/", views.add_to_cart, name="add-to-cart"),
    path("cart/update/", views.update_cart, name="update-cart"),
    path("cart/remove/", views.remove_from_cart, name="remove-from-cart"),
    path("checkout/", views.check_out, name="check-out"),
    path("checkout/return/", views.checkout_return, name="checkout-return"),
    path("orders/<slug:public_token>/", views.order, name="order"),
    path("stripe/webhook/", views.stripe_webhook, name="stripe-webhook"),
]
