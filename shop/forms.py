"""Forms of the shop in Wagtail's admin."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from . import conf
from .models import Product, Stock, StockMovement
from .stock import adjust

MOST_AT_ONCE = 1_000_000  # databases count to two thousand million


class ProductForm(WagtailAdminModelForm):
    """A product with its parts and what it unlocks; what makes no sense together is refused."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        is_bundle = cleaned.get("kind") == Product.Kind.BUNDLE
        parts, unlocks = self._rows("bundle_components", "component"), self._rows("unlocks", "page")
        if cleaned.get("currency", conf.currency()) != conf.currency():
            self.add_error("currency", _("Everything here is sold in one currency: %s.") % conf.currency())
        if is_bundle and not parts:
            self.add_error("kind", _("A bundle needs at least one part."))
        if parts and not is_bundle:
            self.add_error("kind", _("Only a bundle has parts."))
        if is_bundle and unlocks:
            self.add_error("kind", _("A bundle unlocks what its parts unlock: name the pages there."))
        if len({page.translation_key for page in unlocks}) < len(unlocks):
            self.add_error(None, _("A page, in whatever language, is unlocked once."))
        return cleaned

    def _rows(self, relation: str, field: str) -> list[Any]:
        formset = self.formsets.get(relation)
        if formset is None or not formset.is_valid():
            return []
        rows = [form.cleaned_data for form in formset.forms if form not in formset.deleted_forms]
        return [row[field] for row in rows if row.get(field)]


class StockForm(WagtailAdminModelForm):
    """Change the shelf by so many: a number typed over another would undo what was sold meanwhile."""

    change = forms.IntegerField(
        label=_("Change by"),
        required=False,
        min_value=-MOST_AT_ONCE,
        max_value=MOST_AT_ONCE,
        help_text=_("Such as 12 for a delivery, or -1 for a broken piece."),
    )
    reason = forms.ChoiceField(
        label=_("Why"),
        required=False,
        choices=[row for row in StockMovement.Reason.choices if row[0] != StockMovement.Reason.SOLD],
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=200)

    class Meta:
        model = Stock
        fields = ["low_at"]

    def clean_change(self) -> int:
        change = self.cleaned_data["change"] or 0
        if change < -self.instance.available:
            raise ValidationError(
                _("Only %d are free; the others are held for people who are paying.") % self.instance.available
            )
        return int(change)

    def save(self, commit: bool = True) -> Stock:
        """Save what may be typed over, and the change as a movement.

        Raises stock.StockHeld where someone bought the last pieces in this very moment.
        """
        Stock.objects.filter(pk=self.instance.pk).update(low_at=self.cleaned_data["low_at"])
        if self.cleaned_data["change"]:
            adjust(
                self.instance.pk,
                delta=self.cleaned_data["change"],
                reason=StockMovement.Reason(self.cleaned_data["reason"]),
                note=self.cleaned_data["note"],
                user_id=getattr(self.for_user, "pk", None),
            )
        self.instance.refresh_from_db()
        stock: Stock = self.instance
        return stock

    def _save_m2m(self) -> None:
        """Nothing to do: the form has no such fields, and `save` writes at once."""
