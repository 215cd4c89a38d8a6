from django.db import migrations

from portal.accounts.names import search_key


def refresh(apps, schema_editor):
    people = apps.get_model("accounts", "User").objects.using(schema_editor.connection.alias)
    for person in people.iterator():
        person.search_text = search_key(person.name, person.nickname, person.staff_number or "", person.email)
        person.save(update_fields=["search_text"])


class Migration(migrations.Migration):
    """Everybody is found by pinyin too. Backwards the keys stay: they hold what they held before."""

    dependencies = [("accounts", "0005_nicknames_and_spellings")]
    operations = [migrations.RunPython(refresh, migrations.RunPython.noop)]
