"""The fixed words of FEEL: keywords, names of types, and properties that are several words."""

KEYWORDS = frozenset(
    {
        "if",
        "then",
        "else",
        "for",
        "in",
        "return",
        "some",
        "every",
        "satisfies",
        "and",
        "or",
        "between",
        "instance",
        "of",
        "function",
        "external",
        "true",
        "false",
        "null",
    }
)

TYPE_NAMES = frozenset(
    {
        "Any",
        "Null",
        "number",
        "string",
        "boolean",
        "date",
        "time",
        "date and time",
        "days and time duration",
        "years and months duration",
        "day and time duration",
        "year and month duration",
        "list",
        "context",
        "range",
        "function",
    }
)

PROPERTIES = frozenset({"time offset", "start included", "end included"})
"""Properties of dates, times and ranges that are several words."""
