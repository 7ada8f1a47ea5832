"""Comments that wait for approval. django-comments-xtd stores and threads them; nothing else of it is used."""
