"""The sentences that the engine and the editor must both say, and what the editor needs to say them.

`python -m tests.support.wording` writes `tests/editor/wording.json` and `tests/editor/language.json`
again after the wording has changed on purpose.
"""

import json
from pathlib import Path

from api.service.chinese import traditional
from engine.language.catalogue import Catalogue
from engine.language.definitions import Definitions
from engine.language.parse import parse_rule
from engine.language.schema import operator_table, rule_schema
from engine.language.wording import sentence
from rule_library import library, library_definitions
from tests.support.documents import Json, JsonObject

HERE = Path(__file__).parent.parent / "editor"
ORDER = "Order Completed"
GOLD: JsonObject = {"type": "compare", "fact": "member.tier", "op": "eq", "value": "gold"}
BIG: JsonObject = {"type": "compare", "fact": "event.total", "op": "gte", "value": "99.50"}
MANY: JsonObject = {"type": "history", "measure": "count", "event": ORDER, "op": "gte", "value": 3}
NAMED: JsonObject = {
    "units": [{"key": "growth", "name": {"en": "growth value", "zh-Hans": "成长值"}, "kind": "growth"}],
    "ladders": [
        {
            "key": "club",
            "name": {"en": "Club levels", "zh-Hans": "俱乐部等级"},
            "measure": "count",
            "period": "ever",
            "tiers": [
                {"key": "one", "name": {"en": "Friend", "zh-Hans": "好友"}, "reached_at": "0"},
                {"key": "two", "name": {"en": "Old friend", "zh-Hans": "老友"}, "reached_at": "5"},
            ],
        }
    ],
    "memberships": [{"key": "club", "name": {"en": "Tea club", "zh-Hans": "茶会"}, "lasts": {"years": 1}}],
    "budgets": [
        {"key": "june", "name": {"en": "June", "zh-Hans": "六月"}, "counts": "firings", "amount": "100"}
    ],
    "wheels": [
        {
            "key": "spin",
            "name": {"en": "Lucky spin", "zh-Hans": "幸运转盘"},
            "prizes": [
                {"key": "none", "name": {"en": "Nothing"}, "weight": 9, "gives": "nothing"},
                {"key": "ten", "name": {"en": "Ten"}, "weight": 1, "gives": "points", "amount": 10},
            ],
            "fallback": "none",
        }
    ],
}
NAMED["queues"] = [{"key": "care", "name": {"en": "Care", "zh-Hans": "关怀"}, "meaning": "Calls"}]
NAMED["campaigns"] = [{"key": "spring", "name": {"en": "Spring tea", "zh-Hans": "春茶季"}}]
CATALOGUE = Catalogue(Definitions.model_validate(NAMED))
CAP: JsonObject = {"points": 100, "every": "day"}
BY_TOTAL: JsonObject = {"type": "award_points_by_amount", "points_per_unit": "1", "fact": "event.total"}
RATES: JsonObject = {
    "rate_by": "event.channel",
    "rates": [{"value": "app", "points_per_unit": "2"}, {"value": "store", "points_per_unit": "1.5"}],
}


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
    _then({"type": "award_points", "points": 1}),
    _then({"type": "award_points", "points": 1, "unit": "growth", "at_most": CAP, "once_per": "order_id"}),
    _then({"type": "award_points", "points": 2, "at_most": CAP}),
    _then({"type": "award_points", "points": 2, "unit": "stars", "once_per": "receipt"}),
    _then(BY_TOTAL | RATES),
    _then(BY_TOTAL | RATES | {"unit": "growth", "at_most": CAP, "once_per": "order_id"}),
    _then(
        {"type": "multiply_points", "factor": "2"},
        {"type": "multiply_points", "factor": "1.5", "unit": "growth"},
    ),
    _then({"type": "spend_points", "points": 1}, {"type": "spend_points", "points": 50, "unit": "growth"}),
    _then({"type": "spend_points", "points": 50, "or_what_is_there": True}),
    _then({"type": "spend_points", "points": 50, "or_what_is_there": False}),
    _then({"type": "draw_prize", "wheel": "spin"}, {"type": "draw_prize", "wheel": "undefined"}),
    _then({"type": "set_tier", "ladder": "club", "tier": "two", "lasts": {"days": 30}}),
    _then({"type": "set_tier", "ladder": "club", "tier": "three"}),
    _then({"type": "set_tier", "ladder": "undefined", "tier": "two"}),
    _then({"type": "start_membership", "membership": "club"}),
    _then({"type": "open_task", "queue": "front desk", "priority": "high", "note": "Call back"}),
    _then({"type": "open_task", "queue": "care", "note": {"en": "Call back", "zh-Hans": "回电"}}),
    _then({"type": "open_task", "queue": "care", "note": {"zh-Hans": "回电"}}),
    {"when": {"type": "before_expiry", "of": "points", "for": {"days": 7}}},
    {"when": {"type": "before_expiry", "of": "points", "unit": "growth", "for": {"months": 1}}},
    {"when": {"type": "before_expiry", "of": "coupon", "unit": "NEW20", "for": {"hours": 1}}},
    {"when": {"type": "before_expiry", "of": "membership", "unit": "club", "for": {"days": 30}}},
    _then(
        {"type": "branch", "if": GOLD, "then": [{"type": "add_tag", "tag": "vip"}, {"type": "stop"}]},
        {"type": "branch", "if": GOLD, "then": [], "else": [{"type": "remove_tag", "tag": "vip"}]},
    ),
    _then(
        {"type": "wait_for", "event": ORDER, "timeout": {"days": 3}},
        {
            "type": "wait_for",
            "event": ORDER,
            "where": BIG,
            "timeout": {"hours": 1},
            "then": [{"type": "stop"}],
            "else": [
                {"type": "wait", "for": {"days": 1}},
                {"type": "branch", "if": GOLD, "then": [{"type": "stop"}]},
            ],
        },
    ),
    _then(
        {"type": "wait_until", "at": "09:00"},
        {"type": "wait_until", "at": "09:00", "on_weekday": "mon"},
        {"type": "wait_until", "at": "09:00", "on_day": 31, "zone": "programme"},
        {"type": "wait_until", "at": "00:00", "date": "11-11", "zone": "programme"},
    ),
    {"exit": {"type": "condition", "while": _group("all", GOLD, MANY)}},
    {"goal": {"type": "event", "event": ORDER}},
    {"goal": {"type": "event", "event": ORDER, "where": BIG, "within": {"days": 7}}},
    {"re_entry": "restart"},
    {"re_entry": "once", "limits": {"holdout_percent": 5}},
    {"when": {"type": "anniversary", "of": "birthday", "at": "09:00"}},
    {
        "when": {
            "type": "anniversary",
            "of": "joining",
            "before": {"days": 1},
            "at": "09:00",
            "zone": "programme",
            "leap_day": "1_march",
        }
    },
    {
        "when": {
            "type": "anniversary",
            "of": "attribute",
            "attribute": "member.city",
            "after": {"days": 7},
            "at": "09:00",
        }
    },
    {"when": {"type": "holiday", "month": 11, "day": 11, "at": "00:00", "zone": "programme"}},
    {
        "when": {
            "type": "holiday",
            "calendar": "lunar",
            "month": 8,
            "day": 15,
            "leap": True,
            "before": {"days": 3},
            "at": "10:00",
        }
    },
    {"limits": {"budget": "june"}},
    {"limits": {"total": 10, "budget": "undefined"}},
    {"campaign": "spring"},
    {"limits": {"total": 10}, "campaign": "undefined"},
    _compare("member.level.club", "in", ["one", "two"]),
    _compare("member.memberships", "has", "club"),
    _compare("member.balance.growth", "gte", 1),
]


def wording() -> list[JsonObject]:
    """Return documents with the sentences that the engine makes of them, with few definitions."""
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
            mode="json", by_alias=True, exclude_unset=True, exclude={"examples", "note", "guide"}
        )
        for entry in library()
    ]
    return [_said(document) for document in (*taught, *invented)]


def _said(document: JsonObject) -> JsonObject:
    rule = parse_rule(document)
    return {"document": document, **{one: sentence(rule, CATALOGUE, one) for one in ("en", "zh-Hans")}}


def language() -> JsonObject:
    """Return what the editor is given by the server: the schema, the operators, a small catalogue."""
    return {"schema": rule_schema(), "operators": operator_table(), "catalogue": CATALOGUE.plain()}


def as_text(value: Json | list[JsonObject]) -> str:
    """Return JSON as it stands in the files."""
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def sentences() -> JsonObject:
    """Return every rule of the library as a sentence, in the three languages that people read it in."""
    catalogue = Catalogue(library_definitions())
    found: JsonObject = {}
    for entry in library():
        english, simplified = (sentence(entry.document, catalogue, one) for one in ("en", "zh-Hans"))
        found[entry.key] = {"en": english, "zh-Hans": simplified, "zh-Hant": traditional(simplified)}
    return dict(sorted(found.items()))


if __name__ == "__main__":
    (HERE / "sentences.json").write_text(as_text(sentences()), encoding="utf-8")
    (HERE / "wording.json").write_text(as_text(wording()), encoding="utf-8")
    (HERE / "language.json").write_text(as_text(language()), encoding="utf-8")
