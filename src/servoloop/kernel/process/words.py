"""Words in several languages, as a definition carries them."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A text with its translations; `default` is what the BPMN `name` attribute says."""

    default: str = ""
    translations: Mapping[str, str] = field(default_factory=dict)  # language tag -> text

    def in_language(self, language: str) -> str:
        """The text for a tag such as 'zh-hans', falling back to 'zh', then to the default."""
        short = language.split("-")[0].lower()
        for tag in (language.lower(), short):
            if text := self.translations.get(tag):
                return text
        return self.default or next(iter(self.translations.values()), "")


NO_WORDS = Words()
