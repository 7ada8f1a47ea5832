"""Who may moderate."""

MODERATE_COMMENTS = "anahata_blog.moderate_comments"
