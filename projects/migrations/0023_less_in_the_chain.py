from django.conf import settings
from django.db import migrations, models


def agreed_to(apps, schema_editor):
    """Until now only the last approver offered less, so that what was accepted was decided with it."""
    submissions = apps.get_model("projects", "Submission").objects.filter(state__in=["for_less", "void"])
    submissions.exclude(less="").update(less_accepted_at=models.F("decided_at"))
    apps.get_model("projects", "ApprovalStep").objects.filter(state="for_less").update(is_on_less=True)


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0022_approved_for_less"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="submission",
            name="submission_for_less_says_what",
        ),
        migrations.AddField(
            model_name="approvalstep",
            name="is_on_less",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name="submission",
            name="less_accepted_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.RunPython(agreed_to, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "for_less"), _negated=True),
                    models.Q(("less", ""), ("less_accepted_at", None), _negated=True),
                    _connector="OR",
                ),
                name="submission_for_less_says_what",
            ),
        ),
    ]
