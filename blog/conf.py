"""The app's settings: each function reads one, names its default, and says what it does."""

from django.conf import settings


def articles_per_page() -> int:
    """Return BLOG_ARTICLES_PER_PAGE (default 12): how many cards the index shows at once."""
    return int(getattr(settings, "BLOG_ARTICLES_PER_PAGE", 12))


def threads_per_page() -> int:
    """Return BLOG_COMMENT_THREADS_PER_PAGE (default 20): how many conversations stand under an article at once."""
    return int(getattr(settings, "BLOG_COMMENT_THREADS_PER_PAGE", 20))


def undo_seconds() -> int:
    """Return BLOG_COMMENT_UNDO_SECONDS (default 10): how long an approval can be undone before anybody sees the comment."""
    return int(getattr(settings, "BLOG_COMMENT_UNDO_SECONDS", 10))


def links_before_reason() -> int:
    """Return BLOG_COMMENT_LINKS (default 2): from how many links on a comment is marked for its moderator."""
    return int(getattr(settings, "BLOG_COMMENT_LINKS", 2))


def flood_limit() -> int:
    """Return BLOG_COMMENT_FLOOD_LIMIT (default 8): how many comments one network address may post in ten minutes."""
    return int(getattr(settings, "BLOG_COMMENT_FLOOD_LIMIT", 8))


def trusted_proxies() -> int:
    """Return BLOG_TRUSTED_PROXY_COUNT (default 0): how many proxies append to X-Forwarded-For before this site."""
    return int(getattr(settings, "BLOG_TRUSTED_PROXY_COUNT", 0))


def deepest_reply() -> int:
    """Return COMMENTS_XTD_MAX_THREAD_LEVEL (default 0: no replies), or what ..._BY_APP_MODEL says of articles."""
    by_model: dict[str, int] = getattr(settings, "COMMENTS_XTD_MAX_THREAD_LEVEL_BY_APP_MODEL", {})
    return int(by_model.get("anahata_blog.articlepage", getattr(settings, "COMMENTS_XTD_MAX_THREAD_LEVEL", 0)))


def site_id() -> int:
    """Return SITE_ID: the row of django.contrib.sites that comments are stored under; a system check asks for it."""
    return int(settings.SITE_ID)
