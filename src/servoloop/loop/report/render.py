"""The self-contained HTML report: templates, style and scripts of this folder in one file."""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import jinja2
from markupsafe import Markup

import servoloop
from servoloop.loop.diagnose import Diagnosis
from servoloop.loop.report import answers, behind, value
from servoloop.loop.report import findings as improve
from servoloop.loop.report.charts import heat_map, histogram, months
from servoloop.loop.report.compiled_templates import KeptTemplates
from servoloop.loop.report.map_data import map_data
from servoloop.loop.report.model_picture import picture_of
from servoloop.loop.report.quality import quality_checks
from servoloop.loop.report.texts import TEXTS, say
from servoloop.loop.report.words import duration, number, percent

if TYPE_CHECKING:  # it loads the compiler
    from servoloop.loop.discover import DiscoveredModel

Language = Literal["en", "zh"]

HERE = Path(__file__).parent
STATIC = Path(servoloop.__file__).parent / "web"
DAGRE = STATIC / "shell/static/vendor/dagre/dagre.min.js"
MAP = STATIC / "diagnose/static/diagnose/map"
"""The live pages draw the same map: their modules are inlined here."""
MODULES = ("map_words.js", "map_layout.js", "map_draw.js", "map_looks.js", "map_picture.js")
SAVING = STATIC / "diagnose/static/diagnose/islands/save-picture.js"
SCRIPTS = ("page.js", "map.js")
LINKING = re.compile(r"^(import .*;\n|export )", re.MULTILINE)
"""What joins modules by name: needless where all of them are one."""
VARIANTS_LISTED = 30
ACTIVITY_COLOURS = 12
"""How many colours `report.css` has for activities (`--a0` …), given to the most frequent."""
SCRIPT_TEXTS = (
    "start", "end", "events", "cases", "transitions", "median_wait", "p90_wait", "total_wait",
    "share_wait", "repeats", "by_frequency", "by_median", "by_total", "first_in",
    "last_in", "from", "to", "details", "map_hint",
)  # fmt: skip


def render(found: Diagnosis, *, language: Language = "en") -> str:
    """The whole page; `language` is the one shown first, the other is one click away."""
    return (
        _environment()
        .get_template("page.html")
        .render(
            found=found,
            language=language,
            answers=answers,
            behind=behind,
            improve=improve,
            value=value,
            findings=[improve.shown_finding(each) for each in found.improvements.findings],
            outcomes=improve.shown_outcomes(found.improvements),
            open_at_first=improve.OPEN_AT_FIRST,
            checks=quality_checks(found),
            histogram=histogram(found.cycle_times),
            heat_map=heat_map(found.arrivals),
            months=months(found.arrivals),
            colours=_colours(found),
            listed=VARIANTS_LISTED,
            style=_asset("report.css"),
            dagre=_trusted(DAGRE.read_text(encoding="utf-8")),
            script=_script(),
            picture=None if found.discovered is None else picture_of(found.discovered.drawing),
            model_json=None if found.discovered is None else _model(found.discovered),
            redesigns_json=_inline_json(improve.redesigns(found.improvements)),
            map_json=_inline_json(map_data(found)),
            texts_json=_inline_json({key: TEXTS[key] for key in SCRIPT_TEXTS}),
        )
    )


def _model(found: "DiscoveredModel") -> Markup:
    return _inline_json({"log": found.log, "bpmn": found.bpmn.decode()})


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        bytecode_cache=KeptTemplates(),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.globals["say"] = say
    environment.filters |= {"number": number, "percent": percent, "duration": duration}
    return environment


def _asset(name: str) -> Markup:
    return _trusted((HERE / "assets" / name).read_text(encoding="utf-8"))


def _script() -> Markup:
    """All of our script as one module."""
    parts = [MAP / name for name in MODULES] + [HERE / "assets" / name for name in SCRIPTS]
    parts.append(SAVING)
    text = "".join(path.read_text(encoding="utf-8") for path in parts)
    return _trusted(LINKING.sub("", text))


def _trusted(text: str) -> Markup:
    """Our own files and escaped JSON go into the page as they are."""
    return Markup(text.replace("</script", "<\\/script"))  # noqa: S704  # nothing of the log in it


def _inline_json(data: dict[str, Any]) -> Markup:
    """JSON that cannot end its script element."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return _trusted(text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))


def _colours(found: Diagnosis) -> dict[str, int]:
    """The colour number of each activity; those beyond the palette share the last, a grey."""
    return {
        node.activity: min(rank, ACTIVITY_COLOURS)
        for rank, node in enumerate(found.process_map.nodes)
    }
