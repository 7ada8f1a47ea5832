"""What search engines are told: the sitemap and robots.txt, read by parsers that are not ours."""

from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page, PageViewRestriction, Site

from home.first_content.load import load
from home.models import StandardPage

pytestmark = pytest.mark.django_db
NAMES = {"": "http://www.sitemaps.org/schemas/sitemap/0.9"}
HOST = "http://testserver"


def listed(client: Client) -> set[str]:
    """Return the path of each address in the sitemap."""
    response = client.get("/sitemap.xml")
    assert response.status_code == 200
    assert not response.cookies
    addresses = [place.text for place in ElementTree.fromstring(response.content).iterfind("url/loc", NAMES)]
    assert len(addresses) == len(set(addresses))
    root = Site.objects.get(is_default_site=True).root_url
    assert all(address.startswith(f"{root}/") for address in addresses)
    return {address.removeprefix(root) for address in addresses}


def robots(client: Client) -> RobotFileParser:
    response = client.get("/robots.txt")
    assert (response.status_code, response["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert not response.cookies
    parser = RobotFileParser()
    parser.parse(response.content.decode().splitlines())
    return parser


def test_the_sitemap_names_every_page_that_is_public(client: Client) -> None:
    load()
    public = {page.get_url() for page in Page.objects.live().public().filter(depth__gt=1)}

    paths = listed(client)

    assert len(public) >= 14
    assert paths == public
    assert {path: client.get(path).status_code for path in paths} == dict.fromkeys(paths, 200)


def test_the_sitemap_names_nothing_that_is_not_public(client: Client) -> None:
    load()
    home = Site.objects.get(is_default_site=True).root_page
    draft = home.add_child(instance=StandardPage(title="Draft", slug="draft", body="<p>Not yet.</p>", live=False))
    members = home.add_child(instance=StandardPage(title="Members", slug="members", body="<p>Ours.</p>"))
    below = members.add_child(instance=StandardPage(title="Below", slug="below", body="<p>Ours.</p>"))
    PageViewRestriction.objects.create(page=members, restriction_type=PageViewRestriction.LOGIN)

    paths = listed(client)

    assert paths.isdisjoint({draft.get_url(), members.get_url(), below.get_url()})
    assert "/" in paths


def test_robots_may_read_what_the_sitemap_names(client: Client) -> None:
    load()
    rules = robots(client)

    assert all(rules.can_fetch("AnyBot", f"{HOST}{path}") for path in [*listed(client), "/blog/feed/", "/sitemap.xml"])


@pytest.mark.parametrize(
    "address",
    [
        reverse("wagtailadmin_home"),
        reverse("account_login"),
        reverse("anahata_shop:cart"),
        reverse("anahata_shop:checkout-return"),
        "/orders/a-secret-link/",
        reverse("anahata_journal:home"),
    ],
)
def test_robots_are_asked_to_leave_alone_what_is_somebodys_own(client: Client, address: str) -> None:
    assert not robots(client).can_fetch("AnyBot", f"{HOST}{address}")


def test_robots_find_the_sitemap(client: Client) -> None:
    assert robots(client).site_maps() == [f"{HOST}/sitemap.xml"]
