"""Classes of characters in regular expressions, as XML Schema and XPath define them."""

import unicodedata
from collections.abc import Callable
from functools import lru_cache

Test = Callable[[str], bool]
"""Whether one character belongs."""

_CATEGORIES = frozenset(
    [
        "L",
        "Lu",
        "Ll",
        "Lt",
        "Lm",
        "Lo",
        "M",
        "Mn",
        "Mc",
        "Me",
        "N",
        "Nd",
        "Nl",
        "No",
        "P",
        "Pc",
        "Pd",
        "Ps",
        "Pe",
        "Pi",
        "Pf",
        "Po",
        "Z",
        "Zs",
        "Zl",
        "Zp",
        "S",
        "Sm",
        "Sc",
        "Sk",
        "So",
        "C",
        "Cc",
        "Cf",
        "Co",
        "Cn",
    ]
)

_BLOCKS = {
    "BasicLatin": (0x0000, 0x007F),
    "Latin-1Supplement": (0x0080, 0x00FF),
    "LatinExtended-A": (0x0100, 0x017F),
    "LatinExtended-B": (0x0180, 0x024F),
    "IPAExtensions": (0x0250, 0x02AF),
    "SpacingModifierLetters": (0x02B0, 0x02FF),
    "CombiningDiacriticalMarks": (0x0300, 0x036F),
    "Greek": (0x0370, 0x03FF),
    "GreekandCoptic": (0x0370, 0x03FF),
    "Cyrillic": (0x0400, 0x04FF),
    "Armenian": (0x0530, 0x058F),
    "Hebrew": (0x0590, 0x05FF),
    "Arabic": (0x0600, 0x06FF),
    "Syriac": (0x0700, 0x074F),
    "Thaana": (0x0780, 0x07BF),
    "Devanagari": (0x0900, 0x097F),
    "Bengali": (0x0980, 0x09FF),
    "Gurmukhi": (0x0A00, 0x0A7F),
    "Gujarati": (0x0A80, 0x0AFF),
    "Oriya": (0x0B00, 0x0B7F),
    "Tamil": (0x0B80, 0x0BFF),
    "Telugu": (0x0C00, 0x0C7F),
    "Kannada": (0x0C80, 0x0CFF),
    "Malayalam": (0x0D00, 0x0D7F),
    "Sinhala": (0x0D80, 0x0DFF),
    "Thai": (0x0E00, 0x0E7F),
    "Lao": (0x0E80, 0x0EFF),
    "Tibetan": (0x0F00, 0x0FFF),
    "Myanmar": (0x1000, 0x109F),
    "Georgian": (0x10A0, 0x10FF),
    "HangulJamo": (0x1100, 0x11FF),
    "Ethiopic": (0x1200, 0x137F),
    "Cherokee": (0x13A0, 0x13FF),
    "Khmer": (0x1780, 0x17FF),
    "Mongolian": (0x1800, 0x18AF),
    "LatinExtendedAdditional": (0x1E00, 0x1EFF),
    "GreekExtended": (0x1F00, 0x1FFF),
    "GeneralPunctuation": (0x2000, 0x206F),
    "SuperscriptsandSubscripts": (0x2070, 0x209F),
    "CurrencySymbols": (0x20A0, 0x20CF),
    "CombiningMarksforSymbols": (0x20D0, 0x20FF),
    "LetterlikeSymbols": (0x2100, 0x214F),
    "NumberForms": (0x2150, 0x218F),
    "Arrows": (0x2190, 0x21FF),
    "MathematicalOperators": (0x2200, 0x22FF),
    "MiscellaneousTechnical": (0x2300, 0x23FF),
    "ControlPictures": (0x2400, 0x243F),
    "EnclosedAlphanumerics": (0x2460, 0x24FF),
    "BoxDrawing": (0x2500, 0x257F),
    "BlockElements": (0x2580, 0x259F),
    "GeometricShapes": (0x25A0, 0x25FF),
    "MiscellaneousSymbols": (0x2600, 0x26FF),
    "Dingbats": (0x2700, 0x27BF),
    "BraillePatterns": (0x2800, 0x28FF),
    "CJKRadicalsSupplement": (0x2E80, 0x2EFF),
    "KangxiRadicals": (0x2F00, 0x2FDF),
    "CJKSymbolsandPunctuation": (0x3000, 0x303F),
    "Hiragana": (0x3040, 0x309F),
    "Katakana": (0x30A0, 0x30FF),
    "Bopomofo": (0x3100, 0x312F),
    "HangulCompatibilityJamo": (0x3130, 0x318F),
    "EnclosedCJKLettersandMonths": (0x3200, 0x32FF),
    "CJKCompatibility": (0x3300, 0x33FF),
    "CJKUnifiedIdeographsExtensionA": (0x3400, 0x4DBF),
    "CJKUnifiedIdeographs": (0x4E00, 0x9FFF),
    "YiSyllables": (0xA000, 0xA48F),
    "HangulSyllables": (0xAC00, 0xD7AF),
    "PrivateUse": (0xE000, 0xF8FF),
    "CJKCompatibilityIdeographs": (0xF900, 0xFAFF),
    "AlphabeticPresentationForms": (0xFB00, 0xFB4F),
    "ArabicPresentationForms-A": (0xFB50, 0xFDFF),
    "CombiningHalfMarks": (0xFE20, 0xFE2F),
    "CJKCompatibilityForms": (0xFE30, 0xFE4F),
    "SmallFormVariants": (0xFE50, 0xFE6F),
    "ArabicPresentationForms-B": (0xFE70, 0xFEFF),
    "HalfwidthandFullwidthForms": (0xFF00, 0xFFEF),
    "Specials": (0xFFF0, 0xFFFF),
    "Emoticons": (0x1F600, 0x1F64F),
    "MiscellaneousSymbolsandPictographs": (0x1F300, 0x1F5FF),
}


def negation(test: Test) -> Test:
    """All characters that do not belong."""
    return lambda character: not test(character)


def is_space(character: str) -> bool:
    """``\\s``"""
    return character in " \t\n\r"


def is_digit(character: str) -> bool:
    """``\\d``: decimal digits of any script."""
    return unicodedata.category(character) == "Nd"


def is_word(character: str) -> bool:
    """``\\w``: everything but punctuation, separators and control characters."""
    return unicodedata.category(character)[0] not in "PZC"


def starts_name(character: str) -> bool:
    """``\\i``: what an XML name can start with."""
    return character in "_:" or unicodedata.category(character) in _NAME_START


def in_name(character: str) -> bool:
    """``\\c``: what an XML name can contain."""
    return character in "_:-.\u00b7" or unicodedata.category(character) in _NAME_PART


_NAME_START = frozenset({"Lu", "Ll", "Lt", "Lo", "Lm", "Nl"})
_NAME_PART = _NAME_START | {"Mn", "Mc", "Me", "Nd"}

ESCAPES: dict[str, Test] = {
    "s": is_space,
    "S": negation(is_space),
    "d": is_digit,
    "D": negation(is_digit),
    "w": is_word,
    "W": negation(is_word),
    "i": starts_name,
    "I": negation(starts_name),
    "c": in_name,
    "C": negation(in_name),
}


@lru_cache(maxsize=256)
def property_class(name: str) -> Test | None:
    """``\\p{name}``: a general category or, after ``Is``, a block; None when there is none."""
    if name in _CATEGORIES:
        return lambda character: unicodedata.category(character).startswith(name)
    if name.startswith("Is") and name[2:] in _BLOCKS:
        low, high = _BLOCKS[name[2:]]
        return lambda character: low <= ord(character) <= high
    return None


def case_variants(character: str) -> tuple[str, ...]:
    """The character and its single-character upper and lower forms."""
    forms = {character, character.lower(), character.upper()}
    return tuple(form for form in forms if len(form) == 1)


def same_but_for_case(one: str, other: str) -> bool:
    """Whether two characters are equal in upper or in lower case."""
    return one == other or one.lower() == other.lower() or one.upper() == other.upper()


def single(character: str, *, ignore_case: bool) -> Test:
    """One character."""
    if ignore_case:
        return lambda other: same_but_for_case(character, other)
    return lambda other: other == character


def span(low: str, high: str, *, ignore_case: bool) -> Test:
    """All characters from one to another."""
    if ignore_case:
        return lambda other: any(low <= variant <= high for variant in case_variants(other))
    return lambda other: low <= other <= high


def combined(tests: list[Test], *, negated: bool, without: Test | None) -> Test:
    """``[…]``, ``[^…]`` and ``[…-[…]]``."""

    def test(character: str) -> bool:
        found = any(part(character) for part in tests) is not negated
        return found and (without is None or not without(character))

    return test
