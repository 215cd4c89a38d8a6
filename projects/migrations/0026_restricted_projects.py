from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("projects", "0025_realistic_ends")]
    operations = [
        migrations.AddIndex(
            model_name="project",
            index=models.Index(condition=models.Q(("is_restricted", True)), fields=["id"], name="project_restricted"),
        ),
    ]
