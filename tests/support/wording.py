"""The sentences that the engine and the editor must both say, and what the editor needs to say them.

`python -m tests.support.wording` writes `tests/editor/wording.json` and `tests/editor/language.json`
again after the wording has changed on purpose.
"""

import json
from pathlib import Path

from engine.language.catalogue import Catalogue
from engine.language.parse import parse_rule
from engine.language.schema import operator_table, rule_schema
from engine.language.wording import sentence
from rule_library import library
from tests.support.documents import Json, JsonObject

HERE = Path(__file__).parent.parent / "editor"
ORDER = "Order Completed"
GOLD: JsonObject = {"type": "compare", "fact": "member.tier", "op": "eq", "value": "gold"}
BIG: JsonObject = {"type": "compare", "fact": "event.total", "op": "gte", "value": "99.50"}
MANY: JsonObject = {"type": "history", "measure": "count", "event": ORDER, "op": "gte", "value": 3}


def _compare(fact: str, op: str, value: Json = None) -> JsonObject:
    return {"if": {"type": "compare", "fact": fact, "op": op, "value": value}}


def _history(**more: Json) -> JsonObject:
    return {"if": {**MANY, **more}}


def _group(kind: str, *of: Json) -> JsonObject:
    return {"type": kind, "of": list(of)}


def _then(*actions: Json) -> JsonObject:
    return {"then": list(actions)}


VARIANTS: list[JsonObject] = [
    {"then": []},
    {"when": {"type": "event", "event": ORDER, "where": BIG}},
    {"when": {"type": "event", "event": "Tea Poured", "where": _group("any", GOLD, BIG)}},
    {"when": {"type": "absence", "event": ORDER, "for": {"months": 1}, "or_joining": True}},
    {"when": {"type": "schedule", "every": "day", "at": "09:00"}},
    {"when": {"type": "schedule", "every": "week", "on_weekday": "wed", "at": "09:00", "zone": "programme"}},
    {"when": {"type": "schedule", "every": "month", "on_day": 31, "at": "18:30"}},
    _compare("member.tier", "in", ["silver"]),
    _compare("member.tier", "in", ["silver", "gold", "black"]),
    _compare("event.total", "between", [100, "199.5"]),
    _compare("member.tags", "has_all", ["churn-risk", "high-activity"]),
    _compare("member.tags", "has_any", ["a", "b"]),
    _compare("calendar.weekday", "in", ["sat", "sun"]),
    _compare("member.city", "is_known"),
    _compare("member.subscribed", "eq", False),
    _compare("event.gift", "ne_or_missing", True),
    _compare("member.name", "starts_with", "王"),
    _history(),
    _history(within={"days": 30}, where=BIG, counting="before_this_event"),
    _history(measure="sum", property="total", within={"years": 1}, op="between", value=[1, 2]),
    _history(measure="first", op="is_known", value=None),
    _history(measure="last", op="gte", value="2026-01-01T00:00:00+08:00", counting="with_this_event"),
    _history(measure="days_since", op="gt", value=7),
    {"if": _group("all", GOLD, _group("any", BIG, MANY), _group("not", GOLD))},
    {"if": _group("not", GOLD, _group("all", BIG), _group("any"))},
    {"if": _group("all")},
    _then(
        {"type": "add_tag", "tag": "vip", "expires_after": {"days": 1}}, {"type": "remove_tag", "tag": "x"}
    ),
    _then({"type": "award_points", "points": 100}, {"type": "wait", "for": {"minutes": 1}}),
    _then({"type": "award_points_by_amount", "points_per_unit": "1.5", "fact": "event.total"}),
    _then({"type": "issue_coupon", "coupon": "NEW20", "valid_for": {"hours": 12}}),
    _then(*({"type": "send_message", "channel": one, "template": "t"} for one in ("email", "wecom"))),
    _then({"type": "call_webhook", "endpoint": "crm"}),
    {"exit": {"type": "event", "event": ORDER, "where": BIG}},
    {"limits": {"per_member": {"times": 1, "within": {"days": 180}}, "total": 1000, "holdout_percent": 10}},
    {"limits": {"holdout_percent": 5}},
    {"limits": {}},
]


def wording() -> list[JsonObject]:
    """Return documents with the sentences that the engine makes of them, without any definitions."""
    base: JsonObject = {
        "language": 1,
        "name": {"en": "A rule"},
        "when": {"type": "event", "event": "Signed Up"},
        "then": [{"type": "award_points", "points": 1}],
    }
    invented: list[JsonObject] = [
        {**base, "key": f"variant-{number}", **one} for number, one in enumerate(VARIANTS, start=1)
    ]
    taught: list[JsonObject] = [
        entry.document.model_dump(
            mode="json", by_alias=True, exclude_unset=True, exclude={"examples", "note"}
        )
        for entry in library()
    ]
    return [_said(document) for document in (*taught, *invented)]


def _said(document: JsonObject) -> JsonObject:
    rule = parse_rule(document)
    return {"document": document, **{one: sentence(rule, Catalogue(), one) for one in ("en", "zh-Hans")}}


def language() -> JsonObject:
    """Return what the editor is given by the server: the schema, the operators, an empty catalogue."""
    return {"schema": rule_schema(), "operators": operator_table(), "catalogue": Catalogue().plain()}


def as_text(value: Json | list[JsonObject]) -> str:
    """Return JSON as it stands in the files."""
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    (HERE / "wording.json").write_text(as_text(wording()), encoding="utf-8")
    (HERE / "language.json").write_text(as_text(language()), encoding="utf-8")
