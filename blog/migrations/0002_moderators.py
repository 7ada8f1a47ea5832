"""A group that moderates comments and sees nothing else of the admin."""

from django.apps import apps as installed
from django.db import migrations


def make_group(apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    Group = apps.get_model("auth", "Group")

    comments, _ = ContentType.objects.get_or_create(app_label="anahata_blog", model="commentmeta")
    moderate, _ = Permission.objects.get_or_create(
        content_type=comments, codename="moderate_comments", defaults={"name": "Can moderate comments"}
    )
    access = Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
    # Wagtail makes a group of that name which publishes pages; that one is not for people who only moderate.
    group, _ = Group.objects.get_or_create(name="Comment moderators")
    group.permissions.add(moderate, access)


def remove_group(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name="Comment moderators").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("anahata_blog", "0001_pages"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
        ("wagtailcore", "0002_initial_data"),
    ]

    # Run after these: they let every group that may enter the admin choose documents and images.
    dependencies.append(("wagtailimages", "0023_add_choose_permissions"))
    if installed.is_installed("wagtail.documents"):
        dependencies.append(("wagtaildocs", "0011_add_choose_permissions"))

    operations = [migrations.RunPython(make_group, remove_group)]
