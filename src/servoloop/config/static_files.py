"""Static files as browsers may keep them for ever: a hash in each name, compressed once."""

from django.core.files.base import File
from whitenoise.storage import CompressedManifestStaticFilesStorage


class CollectedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # it has no types
    """Follows addresses in CSS and imports between our JavaScript modules.

    A name that leads nowhere stays as it is: vendored files name source maps that are not shipped
    with them, and examples in their comments look like imports. `{% static %}` stays strict.
    """

    support_js_module_import_aggregation = True

    def hashed_name(
        self, name: str, content: "File[bytes] | None" = None, filename: str | None = None
    ) -> str:
        try:
            hashed: str = super().hashed_name(name, content, filename)
        except ValueError:
            return name
        return hashed
