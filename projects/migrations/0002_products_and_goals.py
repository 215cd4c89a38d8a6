import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
import portal.accounts.names
import projects.models.product
from django.conf import settings
from django.db import migrations, models

from portal.common.text import normalise


def fill_name_keys(apps, schema_editor):
    """Names that were told apart until now and no longer are: the first keeps the key, the others' say which they are."""
    taken = set()
    for product in apps.get_model("projects", "Product").objects.order_by("pk"):
        key = normalise(product.name)
        product.name_key = f"{key} #{product.pk}" if key in taken else key
        taken.add(key)
        product.save(update_fields=["name_key"])


class Migration(migrations.Migration):
    dependencies = [
        ("metrics", "0001_initial"),
        ("projects", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="KeyResult",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "target",
                    models.DecimalField(
                        decimal_places=6,
                        max_digits=14,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="target",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
            ],
            options={
                "ordering": ["position", "pk"],
            },
        ),
        migrations.AlterModelOptions(
            name="product",
            options={"ordering": ["name", "pk"]},
        ),
        migrations.AddField(
            model_name="goal",
            name="carried_from",
            field=models.OneToOneField(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="carried_to",
                to="projects.goal",
            ),
        ),
        migrations.AddField(
            model_name="goal",
            name="updated_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="goal",
            name="updated_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="goal",
            name="version",
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
        migrations.AddField(
            model_name="product",
            name="direction",
            field=models.TextField(
                blank=True,
                max_length=1000,
                validators=[django.core.validators.MaxLengthValidator(1000)],
                verbose_name="direction",
            ),
        ),
        migrations.AddField(
            model_name="product",
            name="name_key",
            field=models.CharField(default="", editable=False, max_length=400),
            preserve_default=False,
        ),
        migrations.RunPython(fill_name_keys, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            model_name="product",
            name="name_key",
            field=models.CharField(editable=False, max_length=400, unique=True),
        ),
        migrations.AddField(
            model_name="product",
            name="updated_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="product",
            name="updated_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="product",
            name="users",
            field=models.CharField(blank=True, max_length=300, verbose_name="users"),
        ),
        migrations.AddField(
            model_name="product",
            name="version",
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
        migrations.AddField(
            model_name="product",
            name="whom_to_ask",
            field=models.CharField(blank=True, max_length=300, verbose_name="whom to ask"),
        ),
        migrations.AlterField(
            model_name="goal",
            name="objective",
            field=models.CharField(
                max_length=160, validators=[portal.accounts.names.check_seen], verbose_name="objective"
            ),
        ),
        migrations.AlterField(
            model_name="goal",
            name="quarter",
            field=models.CharField(
                max_length=7, validators=[projects.models.product.check_quarter], verbose_name="quarter"
            ),
        ),
        migrations.AlterField(
            model_name="product",
            name="name",
            field=models.CharField(max_length=80, validators=[portal.accounts.names.check_name], verbose_name="name"),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length("name_key"), 400
                ),
                name="product_name_key_length",
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length("users"), 300
                ),
                name="product_users_length",
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length("direction"), 1000
                ),
                name="product_direction_length",
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length("whom_to_ask"), 300
                ),
                name="product_whom_to_ask_length",
            ),
        ),
        migrations.AddField(
            model_name="keyresult",
            name="goal",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="key_results", to="projects.goal"
            ),
        ),
        migrations.AddField(
            model_name="keyresult",
            name="metric",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="key_results",
                to="metrics.metric",
                verbose_name="metric",
            ),
        ),
        migrations.AddConstraint(
            model_name="keyresult",
            constraint=models.UniqueConstraint(fields=("goal", "metric"), name="key_result_metric_once_a_goal"),
        ),
        migrations.AddConstraint(
            model_name="keyresult",
            constraint=models.CheckConstraint(
                condition=models.Q(("target__gte", 0)), name="key_result_target_not_negative"
            ),
        ),
    ]
