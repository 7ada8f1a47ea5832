"""What is sold, and the pages that show it.

Price and stock are on rows of their own and never on a page: publishing an old draft would put them back.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, InlinePanel, MultiFieldPanel
from wagtail.blocks import CharBlock, RichTextBlock, StructBlock
from wagtail.fields import StreamField
from wagtail.images import get_image_model_string
from wagtail.models import Page

TEXT_FEATURES = ["bold", "italic", "ol", "ul", "link"]


class ProductQuerySet(models.QuerySet["Product"]):
    """Products, as the shop asks for them."""

    def active(self) -> "ProductQuerySet":
        """Leave out what is not for sale at all."""
        return self.filter(active=True)

    def with_parts(self) -> "ProductQuerySet":
        """Load the parts of bundles and the stock of everything: two more queries, however many products."""
        return self.select_related("stock").prefetch_related(
            models.Prefetch("bundle_components", BundleComponent.objects.select_related("component__stock"))
        )


class Product(ClusterableModel):
    """Something with a price. What is posted has a stock; what is digital unlocks pages; a bundle is made of both."""

    class Kind(models.TextChoices):
        PHYSICAL = "physical", _("Physical: is posted")
        DIGITAL = "digital", _("Digital: unlocks pages")
        BUNDLE = "bundle", _("Bundle: made of other products")

    sku = models.CharField(
        _("SKU"),
        max_length=40,
        unique=True,
        validators=[
            RegexValidator(r"^[A-Za-z0-9][A-Za-z0-9._-]*\Z", _("Letters, digits, dots, dashes and underscores only."))
        ],
        help_text=_("A short name of your own; orders and Stripe show it."),
    )
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    price_minor = models.BigIntegerField(
        _("price"), help_text=_("In the smallest unit: 2400 is 24.00. Tax is included.")
    )
    currency = models.CharField(_("currency"), max_length=3, default="EUR", validators=[RegexValidator(r"^[A-Z]{3}\Z")])
    tax_code = models.CharField(
        _("tax code"), max_length=20, blank=True, help_text=_("Stripe's code, txcd_…; empty takes the account's.")
    )
    max_per_order = models.PositiveSmallIntegerField(_("at most in one order"), default=5)
    active = models.BooleanField(
        _("for sale"), default=True, help_text=_("Untick instead of deleting, and for what is sold in bundles only.")
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ProductQuerySet.as_manager()

    panels = [
        FieldRowPanel([FieldPanel("sku"), FieldPanel("name")]),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("active"), FieldPanel("max_per_order")]),
        FieldRowPanel([FieldPanel("price_minor"), FieldPanel("currency"), FieldPanel("tax_code")]),
        InlinePanel("bundle_components", heading=_("Parts of a bundle"), label=_("Part")),
        InlinePanel("unlocks", heading=_("Unlocks"), label=_("Page")),
    ]

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(price_minor__gte=0), name="anahata_shop_product_price_not_negative"
            ),
            models.CheckConstraint(
                condition=models.Q(max_per_order__gte=1), name="anahata_shop_product_may_be_ordered"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and give what is posted a stock of nothing: without one it could not be sold, nor counted."""
        super().save(*args, **kwargs)
        if self.kind == self.Kind.PHYSICAL:
            from .stock import Stock

            Stock.objects.get_or_create(product=self)

    @cached_property
    def parts(self) -> list[tuple["Product", int]]:
        """List what one piece consists of: the parts of a bundle with how many of each, or the product itself."""
        if self.kind != self.Kind.BUNDLE:
            return [(self, 1)]
        return [(part.component, part.quantity) for part in self.bundle_components.all()]

    def unlock_keys(self) -> list[str]:
        """Return the translation keys that the product itself, not its parts, unlocks."""
        return [str(unlock.translation_key) for unlock in self.unlocks.all()]

    def unlocked_pages(self) -> list[Page]:
        """Return the live pages that buying it opens, by itself or by its parts; one query."""
        keys = ProductUnlock.objects.filter(product__in=[part.pk for part, _quantity in self.parts]).values(
            "translation_key"
        )
        return list(Page.objects.live().filter(translation_key__in=keys).order_by("path"))

    @property
    def ships(self) -> bool:
        """Whether something of it is posted."""
        return any(part.kind == self.Kind.PHYSICAL for part, _quantity in self.parts)

    @property
    def available(self) -> int | None:
        """How many can be bought now, by stock; None where nothing of it is counted."""
        counted = [part.pieces // quantity for part, quantity in self.parts if part.kind == self.Kind.PHYSICAL]
        return min(counted, default=None)

    @property
    def pieces(self) -> int:
        """How many pieces of it are free on the shelf; none where nobody counts."""
        stock = getattr(self, "stock", None)
        return stock.available if stock else 0

    @property
    def few_left(self) -> int | None:
        """The true number where it is five or fewer, and some."""
        return self.available if self.available in range(1, 6) else None

    @property
    def most_in_one_order(self) -> int:
        """How many can be bought at once; 0 for what is off sale, out of stock, or an empty bundle."""
        if not self.active or not self.parts:
            return 0
        return self.max_per_order if self.available is None else min(self.max_per_order, self.available)


class BundleComponent(models.Model):
    """A product in a bundle, how many of it, and its part of the bundle's price."""

    bundle = ParentalKey(Product, on_delete=models.CASCADE, related_name="bundle_components")
    component = models.ForeignKey(
        Product, verbose_name=_("product"), on_delete=models.PROTECT, related_name="in_bundles"
    )
    quantity = models.PositiveSmallIntegerField(_("how many"), default=1)
    price_share = models.PositiveIntegerField(
        _("part of the price"),
        default=1,
        help_text=_("Relative to the other parts: 3 and 1 is three quarters and one. Refunds of a part go by it."),
    )

    panels = [FieldRowPanel([FieldPanel("component"), FieldPanel("quantity"), FieldPanel("price_share")])]

    class Meta:
        verbose_name = _("part of a bundle")
        verbose_name_plural = _("parts of a bundle")
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["bundle", "component"], name="anahata_shop_bundlecomponent_once"),
            models.CheckConstraint(condition=models.Q(quantity__gte=1), name="anahata_shop_bundlecomponent_some"),
            models.CheckConstraint(
                condition=~models.Q(bundle=models.F("component")), name="anahata_shop_bundlecomponent_not_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.component}"

    def clean(self) -> None:
        super().clean()
        if self.component_id and self.component.kind == Product.Kind.BUNDLE:
            raise ValidationError({"component": _("A bundle cannot be a part of a bundle.")})


class ProductUnlock(models.Model):
    """A page that whoever buys the product may use, with all its translations, live or not."""

    product = ParentalKey(Product, on_delete=models.CASCADE, related_name="unlocks")
    page = models.ForeignKey(
        "wagtailcore.Page", verbose_name=_("page"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    translation_key = models.UUIDField(editable=False)

    panels = [FieldPanel("page")]

    class Meta:
        verbose_name = _("unlocked page")
        verbose_name_plural = _("unlocked pages")
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["product", "translation_key"], name="anahata_shop_productunlock_once")
        ]

    def __str__(self) -> str:
        return str(self.page or self.translation_key)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.page is not None:
            self.translation_key = self.page.translation_key
        super().save(*args, **kwargs)


class SectionBlock(StructBlock):
    """A heading and what it says about the product."""

    heading = CharBlock(max_length=120)
    text = RichTextBlock(features=TEXT_FEATURES)

    class Meta:
        icon = "title"
        template = "anahata_shop/blocks/section.html"


class QuestionBlock(StructBlock):
    """Something people ask before they buy, and the answer."""

    question = CharBlock(max_length=200)
    answer = RichTextBlock(features=TEXT_FEATURES)

    class Meta:
        icon = "help"
        template = "anahata_shop/blocks/question.html"


class ShopIndexPage(Page):
    """The shelf: every product page below it."""

    # Named, so that a host site may have a page model of the same name.
    page_ptr = models.OneToOneField(Page, on_delete=models.CASCADE, parent_link=True, related_name="anahata_shop_index")
    intro = models.CharField(_("introduction"), max_length=300, blank=True)

    template = "anahata_shop/shop_index_page.html"
    subpage_types = ["anahata_shop.ProductPage"]
    content_panels = [*Page.content_panels, FieldPanel("intro")]

    class Meta:
        verbose_name = _("shop")
        verbose_name_plural = _("shops")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        shown = models.Prefetch("product", Product.objects.with_parts())
        context["cards"] = (
            ProductPage.objects.live().public().child_of(self).prefetch_related(shown).select_related("image")
        )
        return context


class ProductPage(Page):
    """The words and the picture of a product. Its price, its stock and what it unlocks come from the product."""

    # Named, so that a host site may have a page model of the same name.
    page_ptr = models.OneToOneField(Page, on_delete=models.CASCADE, parent_link=True, related_name="anahata_product")

    class Illustration(models.TextChoices):
        JOURNAL = "journal", _("A journal")
        CANDLE = "candle", _("A candle")
        BUNDLE = "bundle", _("A candle and a journal")

    product = models.ForeignKey(Product, verbose_name=_("product"), on_delete=models.PROTECT, related_name="pages")
    summary = models.CharField(_("in a sentence"), max_length=250, blank=True)
    image = models.ForeignKey(
        get_image_model_string(),
        verbose_name=_("photograph"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    illustration = models.CharField(
        _("illustration"),
        max_length=10,
        choices=Illustration.choices,
        blank=True,
        help_text=_("Shown, and called an illustration, until there is a photograph."),
    )
    body = StreamField(
        [("section", SectionBlock()), ("question", QuestionBlock())], verbose_name=_("about it"), blank=True
    )

    template = "anahata_shop/product_page.html"
    card_template = "anahata_shop/includes/product_card.html"
    parent_page_types = ["anahata_shop.ShopIndexPage"]
    subpage_types: list[str] = []
    content_panels = [
        *Page.content_panels,
        HelpPanel(_("Price and stock are kept at the product, under Shop, and hold for every page that shows it.")),
        FieldPanel("product"),
        FieldPanel("summary"),
        MultiFieldPanel([FieldPanel("image"), FieldPanel("illustration")], heading=_("Picture")),
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = _("product page")
        verbose_name_plural = _("product pages")

    @cached_property
    def shown_product(self) -> Product:
        """Return the product with its parts and stock: two queries, or none where a list loaded them."""
        if "product" in self._state.fields_cache:
            product: Product = self.product
            return product
        return Product.objects.with_parts().get(pk=self.product_id)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from .delivery import offers
        from .sharing import share

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["product"] = self.shown_product
        context["unlocked_pages"] = self.shown_product.unlocked_pages()
        context["offers"] = offers(self.shown_product.currency) if self.shown_product.ships else []
        context["share"] = share(self, request)
        return context
