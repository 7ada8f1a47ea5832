"""Ids of rows as they come in from outside."""

from django.urls import register_converter
from django.urls.converters import IntConverter

# SQLite fails on a number of more than 64 bits where Django compares a foreign key with it.
ROW_ID = r"[0-9]{1,18}"


class RowIdConverter(IntConverter):
    """Take ids that every database knows how to look for; for other numbers an address is not found."""

    regex = ROW_ID


register_converter(RowIdConverter, "anahata_blog_id")
