"""End checkouts that nobody finished, so that what they held can be bought by someone else."""

from django.utils import timezone

from .checkout import close
from .models import CheckoutAttempt


def overdue() -> list[int]:
    """Return the attempts whose time is over, oldest first."""
    return list(
        CheckoutAttempt.objects.filter(status__in=CheckoutAttempt.STANDING, expires_at__lte=timezone.now())
        .order_by("expires_at")
        .values_list("pk", flat=True)[:100]
    )


def end(attempt_pk: int) -> None:
    """Ask Stripe first, then free what was held, or find that it was paid after all; safe to repeat.

    Raises stripe_client.StripeUnavailable: nothing is freed on a guess.
    """
    attempt = CheckoutAttempt.objects.filter(pk=attempt_pk, status__in=CheckoutAttempt.STANDING).first()
    if attempt:
        close(attempt)
