"""Rules in words, in English and Chinese.

Nothing here knows a kind of condition or action: the `x-` keywords of the models carry the
wording, so that a new kind reads well here and in the editor at once. `docs/http-api.md`, section
Wording, is the specification that this module and its twin in the editor both keep.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic.fields import FieldInfo

from engine.language.base import Duration, Part
from engine.language.catalogue import Catalogue, label_of
from engine.language.conditions import All, AnyOf, Compare, Not
from engine.language.document import RuleDocument
from engine.language.operators import OPERATORS
from engine.language.paths import ladder_of
from engine.language.triggers import ScheduleTrigger

NOTHING: Final = "…"
"""How a group or a list of no parts reads, and a value that is still to be given."""

_FIELD_PATTERN: Final = r"\{(?P<field>[a-z_]+)(?:\|(?P<one>[^|{}]*)\|(?P<many>[^|{}]*))?\}"
_FIELD: Final = re.compile(_FIELD_PATTERN)
_PIECE: Final = re.compile(
    r"\[(?P<optional>(?:[^\]{}|]|\{[^}]*\})*)(?:\|(?P<otherwise>[^\]]*))?\]|" + _FIELD_PATTERN
)
_EXPIRING: Final = {"points": "units", "coupon": "coupons", "membership": "memberships"}
_LEADING: Final = re.compile(r"^(?:; |；|, |，)+")
_INSTANT: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}:[0-9]{2})(?::([0-9]{2})(?:\.[0-9]+)?)?(Z|[+-][0-9]{2}:[0-9]{2})"
)
_GROUPS: Final = (All, AnyOf, Not)
_CHINESE: Final = ("zh-Hans", "zh-Hant")
_CHINESE_BOOLEANS: Final = {True: "是", False: "否"}
_ENGLISH_BOOLEANS: Final = {True: "yes", False: "no"}


def sentence(document: RuleDocument, catalogue: Catalogue, language: str) -> str:
    """Return a whole rule as one sentence.

    Args:
        document: The rule; it may have errors that `check` names.
        catalogue: Where the names of events, facts, tags and coupons are looked up.
        language: `en` or `zh-Hans`; another one falls back to English.
    """
    said = phrase(document, catalogue, language)
    return said if language in _CHINESE else said[:1].upper() + said[1:]


def phrase(part: Part, catalogue: Catalogue, language: str) -> str:
    """Return one part of a rule (a trigger, a condition, an action) in words.

    It is empty for a part that has no wording, such as when a rule is active.
    """
    return _Writer(catalogue, language).part(part)


def value_name(fact: str, value: str, catalogue: Catalogue, language: str) -> str:
    """Return what people call a value of a fact, such as a tag or a weekday; else the value itself."""
    return _Writer(catalogue, language).value(fact, value)


class _Writer:
    """Reads parts in one language."""

    def __init__(self, catalogue: Catalogue, language: str) -> None:
        self._catalogue = catalogue
        self._language = language
        self._chinese = language in _CHINESE

    def part(self, part: Part) -> str:
        if isinstance(part, Duration):
            return self._duration(part)
        keywords = _keywords(type(part).model_config.get("json_schema_extra"))
        if isinstance(part, _GROUPS):
            return self._group(part, keywords)
        template = _template(part, keywords)
        if template is None:
            return ""
        said = self._render(label_of(template, self._language), part)
        return _LEADING.sub("", said)

    def value(self, path: str, value: str) -> str:
        source, ladder = self._source(path)
        return self._name(source, value, ladder)

    def _duration(self, duration: Duration) -> str:
        units = _keywords(Duration.model_config.get("json_schema_extra"))["x-units"][duration.unit]
        one, many = label_of(units, self._language)
        return f"{duration.amount} {one if duration.amount == 1 else many}"

    def _group(self, group: All | AnyOf | Not, keywords: Mapping[str, Any]) -> str:
        if not group.of:
            return NOTHING
        parts = [self._inside(one) for one in group.of]
        return self._said(keywords, "x-prefix") + self._said(keywords, "x-joiner").join(parts)

    def _inside(self, part: Part) -> str:
        """Return a part of a group; another group stands in brackets if it could be misread."""
        said = self.part(part)
        if not isinstance(part, _GROUPS) or not part.of:
            return said
        prefixed = "x-prefix" in _keywords(type(part).model_config.get("json_schema_extra"))
        if len(part.of) == 1 and not prefixed:
            return said
        return f"（{said}）" if self._chinese else f"({said})"

    def _render(self, template: str, part: Part) -> str:
        fields = {info.alias or name: name for name, info in type(part).model_fields.items()}

        def said(found: re.Match[str]) -> str:
            name = fields[found["field"]]
            if found["one"] is None:
                return self._field(part, name)
            return found["one"] if str(getattr(part, name)) == "1" else found["many"]

        def piece(found: re.Match[str]) -> str:
            optional = found["optional"]
            if optional is None:
                return said(found)
            left_out = any(not said(one) for one in _FIELD.finditer(optional) if one["one"] is None)
            return _FIELD.sub(said, (found["otherwise"] or "") if left_out else optional)

        return _PIECE.sub(piece, template)

    def _field(self, part: Part, name: str) -> str:
        value = getattr(part, name)
        keywords = _field_keywords(type(part).model_fields[name])
        if value is None:
            return NOTHING if self._wants_value(part, keywords) else ""
        if isinstance(value, Part):
            return self.part(value)
        if keywords.get("x-widget") == "value":
            return self._compared(value, part)
        if isinstance(value, dict):
            return str(label_of(value, self._language))
        if isinstance(value, list):
            joiner = self._said(keywords, "x-joiner")
            return joiner.join(self.part(one) for one in value) or NOTHING
        choices = keywords.get("x-labels")
        if choices is not None:
            return str(label_of(choices, self._language).get(_json_text(value), value))
        source = keywords.get("x-source")
        return self._name(source, str(value), _among(source, part))

    def _wants_value(self, part: Part, keywords: Mapping[str, Any]) -> bool:
        """Return whether this is a value to compare with and its comparison takes one."""
        return keywords.get("x-widget") == "value" and OPERATORS[getattr(part, "op", "in")].operand != "none"

    def _compared(self, value: object, part: Part) -> str:
        source, ladder = self._source(part.fact) if isinstance(part, Compare) else (None, None)
        if not isinstance(value, list):
            return self._scalar(value, source, ladder)
        operator = OPERATORS[getattr(part, "op", "in")]
        return self._list(
            [self._scalar(one, source, ladder) for one in value], operator.name, operator.operand
        )

    def _source(self, path: str) -> tuple[str | None, str | None]:
        """Return what a fact's values are looked up in, and the ladder whose level it is."""
        fact = self._catalogue.facts.get(path)
        ladder = ladder_of(path) if fact is not None else None
        return ("tiers", ladder) if ladder is not None else (fact.source if fact is not None else None, None)

    def _list(self, values: Sequence[str], operator: str, operand: str) -> str:
        if operand == "pair":
            return (" 和 " if self._chinese else " and ").join(values)
        if self._chinese:
            return "、".join(values)
        last = " and " if operator == "has_all" else " or "
        return last.join([", ".join(values[:-1]), values[-1]] if len(values) > 1 else values)

    def _scalar(self, value: object, source: str | None, among: str | None) -> str:
        if isinstance(value, bool):
            return (_CHINESE_BOOLEANS if self._chinese else _ENGLISH_BOOLEANS)[value]
        instant = _INSTANT.fullmatch(value) if isinstance(value, str) else None
        return self._name(source, str(value), among) if instant is None else _clock_text(instant)

    def _name(self, source: str | None, key: str, among: str | None) -> str:
        """Return what people call a key, or the key itself if the catalogue doesn't know it.

        Args:
            source: What it is looked up in.
            key: The key.
            among: Of a level, the ladder; of what runs out, the kind of definition.
        """
        catalogue = self._catalogue
        label: Mapping[Any, str] | None = None
        if source == "weekdays":
            choices = _field_keywords(ScheduleTrigger.model_fields["on_weekday"])["x-labels"]
            return str(label_of(choices, self._language).get(key, key))
        if source in {"facts", "properties"}:
            fact = catalogue.facts.get(key if source == "facts" else f"event.{key}")
            label = fact.label if fact is not None else None
        elif source == "events":
            event = catalogue.events.get(key)
            label = event.label if event is not None else None
        elif source == "tiers":
            ladder = catalogue.ladders.get(among or "")
            label = next((one.name for one in ladder.tiers if one.key == key), None) if ladder else None
        elif source is not None:
            label = catalogue.name_of(among or source, key)
        return label_of(label, self._language) if label else key

    def _said(self, keywords: Mapping[str, Any], keyword: str) -> str:
        return str(label_of(keywords[keyword], self._language)) if keyword in keywords else ""


def _clock_text(instant: re.Match[str]) -> str:
    """Return an instant as a clock shows it where it was written, with that clock's distance from UTC."""
    day, minute, second, offset = instant.groups()
    seconds = f":{second}" if second not in {None, "00"} else ""
    return f"{day} {minute}{seconds} (UTC{'' if offset == 'Z' else offset})"


def _among(source: str | None, part: Part) -> str | None:
    """Return what narrows a look-up: the ladder of a level, the kind of what runs out."""
    if source == "tiers":
        return getattr(part, "ladder", None)
    return _EXPIRING[getattr(part, "of", "points")] if source == "expiring" else None


def _keywords(extra: object) -> Mapping[str, Any]:
    return extra if isinstance(extra, dict) else {}


def _field_keywords(field: FieldInfo) -> Mapping[str, Any]:
    return _keywords(field.json_schema_extra)


def _template(part: Part, keywords: Mapping[str, Any]) -> Mapping[str, str] | None:
    """Return the template that a part reads by, in every language, or None."""
    chosen_by = keywords.get("x-sentence-by")
    if chosen_by is None:
        return keywords.get("x-sentence")
    template: Mapping[str, str] = keywords["x-sentences"][getattr(part, chosen_by)]
    return template


def _json_text(value: object) -> str:
    """Return a choice as the text under which its label is listed."""
    return str(value).lower() if isinstance(value, bool) else str(value)
