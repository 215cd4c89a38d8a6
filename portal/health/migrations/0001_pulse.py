from django.db import migrations, models
from django.utils import timezone


def begin(apps, _schema_editor):
    """Counted from the installation, so that a worker that never ran is missed too."""
    apps.get_model("health", "Pulse").objects.create(beat="sweep", at=timezone.now())


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Pulse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "beat",
                    models.CharField(
                        choices=[
                            ("sweep", "Reminders and mail"),
                            ("tick", "Scheduler and queue"),
                        ],
                        max_length=8,
                        unique=True,
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["beat"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("beat__in", ["sweep", "tick"])), name="pulse_beat_known")
                ],
            },
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
