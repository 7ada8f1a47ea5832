"""The front page, the index pages and the plain text pages: made where they are missing, never changed afterwards."""

from wagtail.models import Page, Site

from home.models import HomePage, HomePageOffer, StandardPage

from .texts import STANDARD_PAGES


def load_home() -> HomePage:
    """Return the front page, made and set as the default site's root where the site still has Wagtail's welcome page."""
    home: HomePage | None = HomePage.objects.first()
    if home is not None:
        return home
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    root = Page.get_first_root_node()
    welcome = site.root_page if site else None
    home = HomePage(
        title="Anahata", slug="anahata", intro="Your heart isn’t closed; it’s cautious.", search_description=_ABOUT_HOME
    )
    root.add_child(instance=home)
    home.save_revision().publish()
    if site is None:
        Site.objects.create(hostname="localhost", port=8000, root_page=home, is_default_site=True, site_name="Anahata")
    else:
        site.root_page, site.site_name = home, "Anahata"
        site.save()
    if welcome is not None and welcome.specific_class is Page and not welcome.get_children().exists():
        welcome.delete()
    return home


_ABOUT_HOME = "An article on trust and the heart, twenty questions to sit with, and a private room to write in."


def load_index(home: HomePage, model: type[Page], *, slug: str, title: str, description: str) -> Page:
    """Return the front page's child `slug`, made as a `model` if it is missing."""
    found = home.get_children().filter(slug=slug).first()
    if found is not None:
        return found.specific
    index = model(title=title, slug=slug, search_description=description)
    home.add_child(instance=index)
    index.save_revision().publish()
    return index


def load_standard_pages(home: HomePage) -> None:
    """Make the text pages that are missing."""
    for slug, (title, body, is_sample) in STANDARD_PAGES.items():
        if not home.get_children().filter(slug=slug).exists():
            page = StandardPage(title=title, slug=slug, body=body.strip(), is_sample=is_sample)
            home.add_child(instance=page)
            page.save_revision().publish()


def introduce(home: HomePage, *, lead: Page, offers: list[Page]) -> None:
    """Show `lead` and `offers` on a front page that shows nothing yet."""
    if home.lead_id is None and not home.offers.exists():
        home.lead = lead
        home.offers = [HomePageOffer(page=offer, sort_order=position) for position, offer in enumerate(offers)]
        home.save_revision().publish()
