"""Markdown of a definition (SOPs, descriptions) as safe HTML."""

from functools import lru_cache

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

# Raw HTML in the text is shown as text, and links with a script scheme are left as text too.
_READER = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


@lru_cache(maxsize=512)
def html_of(markdown: str) -> SafeString:
    """The text as HTML; headings begin at level 3 because the page owns levels 1 and 2."""
    tokens = _READER.parse(markdown)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + 2, 6)}"
    html: str = _READER.renderer.render(tokens, _READER.options, {})
    return mark_safe(html)  # noqa: S308 - the reader above lets no HTML of the text through
