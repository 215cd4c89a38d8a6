from django.db import migrations

ROLES = ["pm", "engineer", "lead", "admin"]


def add_groups(apps, schema_editor):
    groups = apps.get_model("auth", "Group").objects.using(schema_editor.connection.alias)
    for name in ROLES:
        groups.get_or_create(name=name)


class Migration(migrations.Migration):
    """One Django group for each role. Backwards the groups stay: people may belong to them."""

    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(add_groups, migrations.RunPython.noop)]
