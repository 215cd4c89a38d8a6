from django.db import migrations

from portal.common.trigrams import trigram_index


class Migration(migrations.Migration):
    dependencies = [("accounts", "0010_erased_people")]
    operations = [trigram_index("user_search", "accounts_user")]
