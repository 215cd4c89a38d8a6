import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("projects", "0005_lines_in_options")]

    operations = [
        migrations.AlterField(
            model_name="benefitline",
            name="option",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="benefit_lines", to="projects.option"
            ),
        ),
        migrations.AlterField(
            model_name="costline",
            name="option",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="cost_lines", to="projects.option"
            ),
        ),
    ]
