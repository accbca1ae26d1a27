"""What a message template may ask for, and the language it is sent in."""

import difflib
import re
from typing import Final

from api.channels.template import TemplateProblem, places_in
from api.service.refusal import Finding
from engine.language.catalogue import Catalogue
from engine.language.definitions import TemplateDefinition

_LISTED: Final = 60
_CAPITAL: Final = re.compile(r"(?<=[a-z0-9])([A-Z])")
_TRADITIONAL: Final = ("hant", "tw", "hk", "mo")
_OWN: Final = (
    "coupon.code",
    "coupon.expires_on",
    "coupon.name",
    "member.points",
    "programme.name",
    "unsubscribe_url",
)


def names_of(catalogue: Catalogue) -> dict[str, str]:
    """Return every name that a template may ask for, with what it stands for in the same words.

    An attribute is known by its own name and in lower case with underscores (`member.first_name`).
    """
    found = {name: name for name in _OWN}
    for name in catalogue.attributes:
        found[f"member.{name}"] = f"member.{name}"
        found[f"member.{_CAPITAL.sub(chr(95) + chr(92) + '1', name).lower()}"] = f"member.{name}"
    found |= {f"balance.{unit}": f"balance.{unit}" for unit in catalogue.units}
    for event in catalogue.events.values():
        found |= {f"event.{one.name}": f"event.{one.name}" for one in event.properties}
    return found | {"event.expires_at": "event.expires_at"}


def findings_of(template: TemplateDefinition, catalogue: Catalogue) -> list[Finding]:
    """Return what is wrong with a template: a place that can't be read, or asks for what nobody knows."""
    known = names_of(catalogue)
    findings: list[Finding] = []
    parts = (("subject", template.subject), ("body", template.body), ("html", template.html))
    for field, texts in parts:
        for language, text in (texts or {}).items():
            try:
                unknown = [place.name for place in places_in(text) if place.name not in known]
            except TemplateProblem as error:
                findings.append(Finding(f"/{field}/{language}", str(error)))
                continue
            findings += [Finding(f"/{field}/{language}", _unknown(name, list(known))) for name in unknown]
    return findings


def _unknown(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    meant = f" Did you mean {near[0]!r}?" if near else ""
    listed = ", ".join(sorted(known)[:_LISTED])
    return f"nothing is called {name!r}.{meant} Known are: {listed}"


def language_of(told: str, template: TemplateDefinition) -> str:
    """Return the language that a template is sent in.

    Args:
        told: The member's `language`, such as `zh-TW` or `en_GB`; may be empty.
        template: The template.

    Returns:
        The language that was told, or the other script of Chinese, or English, or the template's first.
    """
    wanted, said = told.lower().replace("_", "-"), [str(one) for one in template.body]
    if wanted.startswith("zh"):
        traditional = any(part in _TRADITIONAL for part in wanted.split("-"))
        order = ["zh-Hant", "zh-Hans"] if traditional else ["zh-Hans", "zh-Hant"]
    else:
        order = [one for one in said if one.lower() == wanted.partition("-")[0]]
    return next((one for one in [*order, "en"] if one in said), said[0])
