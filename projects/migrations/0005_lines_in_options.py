from django.db import migrations


def put_lines_into_an_option(apps, schema_editor):
    """What a pitch had until now is its full option, and the one that is asked for."""
    Option = apps.get_model("projects", "Option")
    for pk in apps.get_model("projects", "Project").objects.order_by("pk").values_list("pk", flat=True):
        option = Option.objects.create(project_id=pk, kind="full", is_preferred=True)
        for line in ("BenefitLine", "CostLine"):
            apps.get_model("projects", line).objects.filter(project_id=pk).update(option=option)


class Migration(migrations.Migration):
    dependencies = [("projects", "0004_options")]

    operations = [migrations.RunPython(put_lines_into_an_option, migrations.RunPython.noop)]
