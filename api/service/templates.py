"""What a message template may ask for, and the language it is sent in."""

import difflib
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from api.channels.template import TemplateProblem, places_in
from api.service.naming import name_text
from api.service.refusal import Finding
from engine.language.base import Text, words
from engine.language.catalogue import Catalogue
from engine.language.definitions import TemplateDefinition

_LISTED: Final = 60
_CAPITAL: Final = re.compile(r"(?<=[a-z0-9])([A-Z])")
_TRADITIONAL: Final = ("hant", "tw", "hk", "mo")
_OWN: Final = {
    "coupon.code": words(
        "code of the coupon issued with it, or before in the same journey", "随附或同一旅程中先前发放的券码"
    ),
    "coupon.name": words("name of the coupon issued with it", "随附优惠券的名称"),
    "coupon.expires_on": words("day on which that coupon ends", "该优惠券的到期日"),
    "member.points": words("points that can be spent", "可用积分"),
    "programme.name": words("name of the programme", "会员计划名称"),
    "unsubscribe_url": words("link by which members unsubscribe", "退订链接"),
}


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


class Fault(NamedTuple):
    """Something wrong with the text of a template.

    Attributes:
        path: JSON pointer of the text in the template.
        text: What is wrong, in both languages.
        unknown: The name that nobody knows, if that is what is wrong.
    """

    path: str
    text: Text
    unknown: str | None = None


def findings_of(template: TemplateDefinition, catalogue: Catalogue) -> list[Finding]:
    """Return what is wrong with a template: a place that can't be read, or asks for what nobody knows."""
    parts = {"subject": template.subject, "body": template.body, "html": template.html}
    texts = {field: dict(said) for field, said in parts.items() if said is not None}
    known = ", ".join(sorted(names_of(catalogue))[:_LISTED])
    return [
        Finding(one.path, one.text if one.unknown is None else _with_known(one.text, known))
        for one in faults_of(texts, catalogue)
    ]


def faults_of(texts: Mapping[str, Mapping[Any, str]], catalogue: Catalogue) -> list[Fault]:
    """Return what is wrong with the texts of a template while it is being written.

    Args:
        texts: The texts by language, by field: `subject`, `body`, `html`.
        catalogue: What a template may ask for.
    """
    known = names_of(catalogue)
    found: list[Fault] = []
    for field, by_language in texts.items():
        for language, text in by_language.items():
            try:
                unknown = [place.name for place in places_in(text) if place.name not in known]
            except TemplateProblem as error:
                found.append(Fault(f"/{field}/{language}", error.text))
                continue
            path = f"/{field}/{language}"
            found += [Fault(path, _unknown(name, list(known)), name) for name in unknown]
    return found


def _with_known(text: Text, known: str) -> Text:
    return words(f"{text['en']} Known are: {known}", f"{text['zh-Hans']}可用的变量：{known}")


def missing_in(texts: Iterable[str], known: Mapping[str, str]) -> list[str]:
    """Return the names that texts ask for, have no value, and say nothing to stand in; each once."""
    places = [place for text in texts for place in places_in(text)]
    return list(dict.fromkeys(one.name for one in places if one.instead is None and not known.get(one.name)))


def variables(catalogue: Catalogue) -> list[tuple[str, Text]]:
    """Return what a template may ask for with what people call it, in the order in which it is offered."""
    found = dict(_OWN)
    found |= {f"member.{name}": name_text(one.label, name) for name, one in catalogue.attributes.items()}
    found |= {f"balance.{unit}": name_text(one.name, unit) for unit, one in catalogue.units.items()}
    for event in catalogue.events.values():
        for one in event.properties:
            found.setdefault(f"event.{one.name}", name_text(one.label, one.name))
    return list(found.items())


def _unknown(name: str, known: list[str]) -> Text:
    near = difflib.get_close_matches(name, known, n=1)
    meant = words(f" Did you mean {near[0]!r}?", f"是否应为“{near[0]}”？") if near else words("", "")
    return words(f"nothing is called {name!r}.{meant['en']}", f"没有名为“{name}”的变量。{meant['zh-Hans']}")


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
