"""Hold, take and give back pieces. Each act belongs inside the transaction of what causes it."""

from django.db import transaction
from django.utils import timezone

from .models import Order, Product, Reservation, SoldComponent, Stock, StockMovement


class OutOfStock(Exception):
    """Raised when fewer pieces are free than asked for; its text is the product's name."""


class StockHeld(Exception):
    """Raised when staff would take off the shelf what is held for an open checkout."""


def hold_for(order: Order) -> None:
    """Hold everything that the order would post.

    Raises OutOfStock: the caller's transaction must then be rolled back.
    """
    for component, stock in _counted(order):
        if not _hold(component, stock, Reservation.State.HELD):
            raise OutOfStock(component.name)


def release_for(order: Order) -> None:
    """Free what is still held for the order; a second call finds nothing to free."""
    for reservation in Reservation.objects.filter(component__line__order=order, state=Reservation.State.HELD).order_by(
        "stock_id"
    ):
        if _close(reservation, Reservation.State.RELEASED):
            Stock.objects.let_go(reservation.stock_id, reservation.quantity)


def consume_for(order: Order) -> bool:
    """Take what the order posts off the shelf, holding again what was released meanwhile; safe to repeat.

    Return False where pieces are missing: someone must be told.
    """
    complete = True
    for component, stock in _counted(order):
        standing = component.reservations.exclude(state=Reservation.State.RELEASED).first()
        if standing is None:
            if _hold(component, stock, Reservation.State.CONSUMED):
                _take(order, stock, component.quantity)
            else:
                complete = False
        elif _close(standing, Reservation.State.CONSUMED):
            _take(order, stock, standing.quantity)
    return complete


def adjust(
    stock_id: int, *, delta: int, reason: StockMovement.Reason, note: str = "", user_id: int | None = None
) -> None:
    """Change what is on the shelf by `delta`, and write down why.

    Raises StockHeld where that would take what is held, or more than there is.
    """
    with transaction.atomic():
        if not Stock.objects.change(stock_id, delta):
            raise StockHeld
        StockMovement.objects.create(stock_id=stock_id, delta=delta, reason=reason, note=note, user_id=user_id)


def _counted(order: Order) -> list[tuple[SoldComponent, Stock]]:
    # Always in the same order, so that two checkouts never wait for each other's rows.
    components = SoldComponent.objects.filter(line__order=order, kind=Product.Kind.PHYSICAL).select_related(
        "product__stock"
    )
    return sorted(
        ((component, component.product.stock) for component in components), key=lambda pair: (pair[1].pk, pair[0].pk)
    )


def _hold(component: SoldComponent, stock: Stock, state: Reservation.State) -> bool:
    if not Stock.objects.hold(component.product_id, component.quantity):
        return False
    Reservation.objects.create(stock=stock, component=component, quantity=component.quantity, state=state)
    return True


def _take(order: Order, stock: Stock, quantity: int) -> None:
    Stock.objects.take(stock.pk, quantity)
    StockMovement.objects.create(stock=stock, delta=-quantity, reason=StockMovement.Reason.SOLD, order=order)


def _close(reservation: Reservation, state: Reservation.State) -> bool:
    return bool(
        Reservation.objects.filter(pk=reservation.pk, state=Reservation.State.HELD).update(
            state=state, closed_at=timezone.now()
        )
    )
