"""Every address of the site; Wagtail's pages come last."""

from django.conf import settings
from django.urls import include, path
from django.views.generic import RedirectView
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.contrib.sitemaps.views import sitemap
from wagtail.documents import urls as wagtaildocs_urls

from accounts.views import staff_door

from .health import healthz
from .robots import robots

urlpatterns = [
    path("healthz", healthz),
    path("robots.txt", robots),
    path("sitemap.xml", sitemap),
    path("account/", include("accounts.urls")),
    # Wagtail's own doors ask for a password: both lead to the one that mails a code.
    path("admin/login/", staff_door),
    path("_util/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("blog/comments/", include("blog.comments.urls")),
    path("journal/my/", include("journal.urls")),
    path("", include("shop.urls")),
]

if settings.MAILBOX_PAGE:
    urlpatterns.append(path("_mail/", include("config.mailbox")))

if settings.SERVE_MEDIA:
    urlpatterns.append(path("media/<path:path>", serve, {"document_root": settings.MEDIA_ROOT}))

urlpatterns.append(path("", include(wagtail_urls)))
