"""Every step rewrites the case row: with free room in its page, the indexes need no change."""

from typing import ClassVar

from django.db import migrations

TUNE = 'ALTER TABLE "case" SET (fillfactor = 70)'
RESET = 'ALTER TABLE "case" RESET (fillfactor)'


class Migration(migrations.Migration):
    dependencies: ClassVar = [("storage", "0005_workplace_stamp_counts_changes")]
    operations: ClassVar = [migrations.RunSQL(TUNE, RESET)]
