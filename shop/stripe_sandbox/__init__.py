"""A local Stripe for development and tests: own process, own store, no money.

It answers the part of Stripe's API that the shop uses, shows a hosted page to pay on, and delivers signed
webhooks over real HTTP. It knows nothing of the shop: the two meet over HTTP only, as they would with Stripe.
It serves this machine alone and takes no key but its own, see `barriers`.
"""

API_VERSION = "2026-10-28.endive"
"""The version stripe-python 16.1 asks for; the shapes in `objects` are of this version."""
