"""Each finding, by a rule that has it and its neighbour that hasn't."""

import pytest

from engine.errors import InvalidRule
from engine.language.catalogue import Catalogue
from engine.language.check import check, unreadable
from engine.language.checks_contact import CONTACT_MESSAGES
from engine.language.checks_ladders import LADDER_MESSAGES
from engine.language.definitions import Definitions
from engine.language.messages import MESSAGES
from engine.language.messages_campaigns import CAMPAIGN_MESSAGES
from engine.language.messages_definitions import DEFINITION_MESSAGES
from engine.language.messages_giving import GIVING_MESSAGES
from engine.language.messages_journeys import JOURNEY_MESSAGES
from engine.language.messages_tags import TAG_MESSAGES
from engine.language.parse import parse_rule
from tests.support.documents import Json, JsonObject

CATALOGUE = Catalogue(
    Definitions.model_validate(
        {
            "tags": [{"key": key, "name": {"en": key}, "meaning": "for a test"} for key in ("vip", "new")],
            "coupons": [{"key": "TEN", "name": {"en": "Ten off"}, "kind": "amount", "value": "10"}],
            "templates": [{"key": "hello", "name": {"en": "Hello"}, "body": {"en": "Hello"}}],
            "endpoints": [{"key": "till", "name": {"en": "Till"}, "url": "https://till.example/hook"}],
        }
    )
)
FAILED = {"type": "event", "event": "Message Failed"}
POINTS = {"type": "award_points", "points": 10}
ORDER = {"type": "event", "event": "Order Completed"}
ABSENCE = {"type": "absence", "event": "Order Completed", "for": {"days": 90}}
WAIT = {"type": "wait", "for": {"days": 1}}
BY_TOTAL = {"type": "award_points_by_amount", "points_per_unit": "1", "fact": "event.total"}
ONCE = {"per_member": {"times": 1}}


def rule(**parts: Json) -> JsonObject:
    name = {"en": "A rule", "zh-Hans": "一条规则"}
    said = {"language": 1, "key": "a-rule", "name": name, "when": ORDER, "then": [POINTS], **parts}
    return {"if" if part == "if_" else part: value for part, value in said.items()}


def compare(fact: str, op: str, value: Json = None) -> JsonObject:
    return {"type": "compare", "fact": fact, "op": op, "value": value}


def count(op: str, value: Json, **more: Json) -> JsonObject:
    return {
        "type": "history",
        "measure": "count",
        "event": "Order Completed",
        "op": op,
        "value": value,
        **more,
    }


def both(*of: Json) -> JsonObject:
    return {"type": "all", "of": list(of)}


def none(*of: Json) -> JsonObject:
    return {"type": "not", "of": list(of)}


def tag(key: str, kind: str = "add_tag") -> JsonObject:
    return {"type": kind, "tag": key}


def deep(levels: int) -> JsonObject:
    tree = compare("member.city", "is_known")
    for _ in range(levels - 1):
        tree = both(tree)
    return tree


def total(**parts: Json) -> JsonObject:
    return rule(if_=count("gte", 1, measure="sum", **parts))


def schedule(**parts: Json) -> JsonObject:
    return rule(when={"type": "schedule", "at": "10:00", **parts})


def message(**parts: Json) -> JsonObject:
    return rule(then=[{"type": "send_message", "channel": "sms", "template": "hello"}], **parts)


def found(document: JsonObject) -> dict[tuple[str, str], str]:
    """Return the findings: severity by code and path."""
    return {(one.code, one.path): one.severity for one in check(parse_rule(document), CATALOGUE)}


CASES: list[tuple[str, str, JsonObject, JsonObject]] = [
    # code, path, a rule that has it, its neighbour that hasn't
    ("missing-name", "/name", rule(name={"en": "A", "zh-Hans": " "}), rule()),
    ("unknown-event", "/when/event", rule(when={**ORDER, "event": "Order Complete"}), rule()),
    ("unknown-event", "/if/event", rule(if_=count("gte", 1, event="X")), rule(if_=count("gte", 1))),
    ("unknown-event", "/exit/event", rule(then=[WAIT, POINTS], exit={**ORDER, "event": "X"}), rule()),
    (
        "unknown-fact",
        "/if/fact",
        rule(if_=compare("member.shoe", "eq", "x")),
        rule(if_=compare("member.city", "eq", "x")),
    ),
    ("unknown-fact", "/then/0/fact", rule(then=[{**BY_TOTAL, "fact": "event.x"}]), rule(then=[BY_TOTAL])),
    ("unknown-tag", "/then/0/tag", rule(then=[tag("vap")]), rule(then=[tag("vip")])),
    (
        "unknown-tag",
        "/if/value",
        rule(if_=compare("member.tags", "has", "vap")),
        rule(if_=compare("member.tags", "has", "vip")),
    ),
    (
        "unknown-tag",
        "/if/value/1",
        rule(if_=compare("member.tags", "has_any", ["vip", "vap"])),
        rule(if_=compare("member.tags", "has_any", ["vip", "new"])),
    ),
    (
        "unknown-coupon",
        "/then/0/coupon",
        rule(then=[{"type": "issue_coupon", "coupon": "TEM"}]),
        rule(then=[{"type": "issue_coupon", "coupon": "TEN"}]),
    ),
    (
        "unknown-template",
        "/then/0/template",
        rule(then=[{"type": "send_message", "channel": "sms", "template": "helo"}]),
        message(),
    ),
    (
        "unknown-endpoint",
        "/then/0/endpoint",
        rule(then=[{"type": "call_webhook", "endpoint": "tell"}]),
        rule(then=[{"type": "call_webhook", "endpoint": "till"}]),
    ),
    (
        "fact-not-in-event",
        "/if/fact",
        rule(if_=compare("event.price", "gte", 1)),
        rule(if_=compare("event.total", "gte", 1)),
    ),
    (
        "no-event-value",
        "/if/fact",
        rule(when=ABSENCE, if_=compare("event.total", "gte", 1)),
        rule(when=ABSENCE, if_=compare("member.points", "gte", 1)),
    ),
    ("no-event-value", "/then/0/fact", rule(when=ABSENCE, then=[BY_TOTAL]), rule(then=[BY_TOTAL])),
    (
        "personal-fact",
        "/if/op",
        rule(if_=compare("member.phone", "eq", "1")),
        rule(if_=compare("member.phone", "is_known")),
    ),
    (
        "wrong-operator",
        "/if/op",
        rule(if_=compare("member.city", "gte", "x")),
        rule(if_=compare("member.points", "gte", 1)),
    ),
    (
        "missing-value",
        "/if/value",
        rule(if_=compare("member.city", "eq")),
        rule(if_=compare("member.city", "eq", "Shanghai")),
    ),
    (
        "missing-value",
        "/if/value",
        rule(if_=compare("member.city", "eq", "")),
        rule(if_=compare("member.city", "eq", "Shanghai")),
    ),
    (
        "wrong-value",
        "/if/value",
        rule(if_=compare("member.points", "gte", "many")),
        rule(if_=compare("member.points", "gte", "1.5")),
    ),
    ("wrong-value", "/if/value", rule(if_=count("between", [1])), rule(if_=count("between", [1, 2]))),
    (
        "wrong-value",
        "/if/value",
        rule(if_=compare("calendar.weekday", "eq", "Monday")),
        rule(if_=compare("calendar.weekday", "eq", "mon")),
    ),
    (
        "needless-value",
        "/if/value",
        rule(if_=compare("member.city", "is_known", "x")),
        rule(if_=compare("member.city", "is_known")),
    ),
    (
        "empty-group",
        "/if/of/0",
        rule(if_=both(both())),
        rule(if_=both(both(compare("member.city", "is_known")))),
    ),
    ("too-deep", "/if", rule(if_=deep(13)), rule(if_=deep(12))),
    ("impossible-range", "/if", rule(if_=count("lt", 0)), rule(if_=count("lt", 1))),
    ("impossible-range", "/if", rule(if_=count("between", [3, 2])), rule(if_=count("between", [2, 2]))),
    (
        "impossible-range",
        "/if/of/1",
        rule(if_=both(compare("member.points", "gte", 10), compare("member.points", "lt", 10))),
        rule(if_=both(compare("member.points", "gte", 10), compare("member.points", "lte", 10))),
    ),
    (
        "impossible-range",
        "/if/of/1",
        rule(if_=both(compare("member.city", "eq", "A"), compare("member.city", "in", ["B", "C"]))),
        rule(if_=both(compare("member.city", "eq", "A"), compare("member.city", "in", ["A", "C"]))),
    ),
    (
        "impossible-range",
        "/if",
        rule(when={**ORDER, "where": compare("event.total", "gt", 9)}, if_=compare("event.total", "lt", 9)),
        rule(
            when={**ORDER, "where": compare("event.total", "gt", 9)}, if_=compare("event.quantity", "lt", 9)
        ),
    ),
    (
        "impossible-range",
        "/if/of/1",
        rule(if_=both(count("eq", 1, within={"days": 30}), count("eq", 2, within={"days": 30}))),
        rule(if_=both(count("eq", 1, within={"days": 30}), count("eq", 2, within={"days": 60}))),
    ),
    (
        "impossible-range",
        "/if/of/1",
        rule(if_=both(compare("member.city", "is_missing"), compare("member.city", "ne", "A"))),
        rule(if_=both(compare("member.city", "is_missing"), compare("member.city", "ne_or_missing", "A"))),
    ),
    (
        "impossible-after-absence",
        "/if",
        rule(when=ABSENCE, if_=count("gte", 1, within={"hours": 90 * 24})),
        rule(when=ABSENCE, if_=count("gte", 1, within={"days": 91})),
    ),
    (
        "impossible-after-absence",
        "/if",
        rule(when=ABSENCE, if_=count("gte", 1, within={"days": 90})),
        rule(when=ABSENCE, if_=count("lt", 1, within={"days": 90})),
    ),
    ("always-true", "/if", rule(if_=count("gte", 0)), rule(if_=count("gte", 1))),
    (
        "always-true",
        "/if",
        rule(
            if_={
                "type": "any",
                "of": [compare("member.city", "is_known"), compare("member.city", "is_missing")],
            }
        ),
        rule(
            if_={
                "type": "any",
                "of": [compare("member.city", "is_known"), compare("member.tier", "is_missing")],
            }
        ),
    ),
    (
        "bad-window",
        "/if/within",
        rule(if_=count("gte", 1, measure="days_since", within={"days": 3})),
        rule(if_=count("gte", 1, within={"days": 3})),
    ),
    ("missing-property", "/if/property", total(), total(property="total")),
    ("missing-property", "/if/property", total(property="channel"), total(property="total")),
    (
        "needless-property",
        "/if/property",
        rule(if_=count("gte", 1, property="total")),
        total(property="total"),
    ),
    (
        "where-reads-member",
        "/if/where/fact",
        rule(if_=count("gte", 1, where=compare("member.city", "eq", "x"))),
        rule(if_=count("gte", 1, where=compare("event.store", "eq", "x"))),
    ),
    (
        "where-reads-member",
        "/when/where",
        rule(when={**ORDER, "where": count("gte", 2)}),
        rule(when={**ORDER, "where": compare("event.total", "gte", 2)}),
    ),
    (
        "schedule-needs-weekday",
        "/when/on_weekday",
        schedule(every="week"),
        schedule(every="week", on_weekday="wed"),
    ),
    ("schedule-needs-day", "/when/on_day", schedule(every="month"), schedule(every="month", on_day=31)),
    ("needless-schedule-day", "/when/on_day", schedule(every="day", on_day=1), schedule(every="day")),
    (
        "bad-active",
        "/active/from",
        rule(active={"from": "2026-01-01T00:00:00"}),
        rule(active={"from": "2026-01-01T00:00:00Z"}),
    ),
    (
        "never-active",
        "/active/until",
        rule(active={"from": "2026-01-01T08:00:00+08:00", "until": "2026-01-01T00:00:00Z"}),
        rule(active={"from": "2026-01-01T08:00:00+08:00", "until": "2026-01-01T00:00:01Z"}),
    ),
    (
        "late-needs-within",
        "/late/within",
        rule(late={"policy": "fire_within"}),
        rule(late={"policy": "fire_within", "within": {"days": 7}}),
    ),
    ("empty-then", "/then", rule(then=[]), rule()),
    (
        "needs-number-fact",
        "/then/0/fact",
        rule(then=[{**BY_TOTAL, "fact": "event.store"}]),
        rule(then=[BY_TOTAL]),
    ),
    (
        "no-points",
        "/then/0/points_per_unit",
        rule(then=[{**BY_TOTAL, "points_per_unit": "0.0"}]),
        rule(then=[BY_TOTAL]),
    ),
    (
        "event-value-after-wait",
        "/then/1/fact",
        rule(then=[WAIT, BY_TOTAL]),
        rule(then=[BY_TOTAL, WAIT, POINTS]),
    ),
    ("wait-last", "/then/1", rule(then=[POINTS, WAIT]), rule(then=[WAIT, POINTS])),
    (
        "add-and-remove",
        "/then/1",
        rule(then=[tag("vip"), tag("vip", "remove_tag")]),
        rule(then=[tag("vip"), WAIT, tag("vip", "remove_tag")]),
    ),
    ("exit-without-wait", "/exit", rule(exit=ORDER), rule(then=[WAIT, POINTS], exit=ORDER)),
    ("no-limit", "/then/0", message(), message(limits=ONCE)),
    ("no-limit", "/then/0", message(), message(when=ABSENCE)),
    ("message-loop", "/then/0", message(when=FAILED), message(when=FAILED, limits=ONCE)),
    (
        "message-loop",
        "/then/0",
        message(when={**FAILED, "where": compare("event.channel", "in", ["sms", "push"])}),
        message(when={**FAILED, "where": compare("event.channel", "eq", "push")}),
    ),
]


@pytest.mark.parametrize(
    ("code", "path", "bad", "good"), CASES, ids=[f"{at}-{case[0]}" for at, case in enumerate(CASES)]
)
def test_finds_what_is_wrong_and_only_that(code: str, path: str, bad: JsonObject, good: JsonObject) -> None:
    assert MESSAGES[code].severity == found(bad).get((code, path))
    assert code not in [name for name, _ in found(good)]
    assert "error" not in found(good).values()


def test_every_code_has_a_case() -> None:
    """`invalid-shape` comes from reading, `tag-loop` from other rules: both are tested by name.

    What is said of standing conditions, giving, journeys, definitions and refunds is tested elsewhere.
    """
    elsewhere = {
        "invalid-shape",
        "tag-loop",
        "unknown-segment",
        "while-needs-if",
        "while-before-event",
        "not-refundable",
        *GIVING_MESSAGES,
        *DEFINITION_MESSAGES,
        *LADDER_MESSAGES,
    }
    elsewhere |= {*JOURNEY_MESSAGES, *CAMPAIGN_MESSAGES, *TAG_MESSAGES, *CONTACT_MESSAGES}
    assert set(MESSAGES) - elsewhere == {case[0] for case in CASES} - set(GIVING_MESSAGES)


@pytest.mark.parametrize("code", MESSAGES)
def test_every_finding_says_what_and_what_to_do_in_both_languages(code: str) -> None:
    message = MESSAGES[code]

    for text in (message.en, message.zh, message.fix_en, message.fix_zh):
        assert text.endswith((".", "。", "{rules}."))
    assert any("\u4e00" <= character <= "\u9fff" for character in message.zh)
    assert any("\u4e00" <= character <= "\u9fff" for character in message.fix_zh)


def test_names_are_told_in_the_readers_language() -> None:
    finding = check(parse_rule(rule(if_=compare("member.phone", "eq", "1"))), CATALOGUE)[0]

    assert finding.text["en"].startswith("“phone” is personal")
    assert finding.text["zh-Hans"].startswith("“手机号”属于个人信息")


def test_errors_come_first() -> None:
    document = parse_rule(rule(name={"en": "x"}, if_=count("gte", 0), then=[tag("vap")]))

    assert ["error", "warning", "note"] == [one.severity for one in check(document, CATALOGUE)]


def test_depth_is_told_once_where_it_begins() -> None:
    """A `where` counts as a part of the tree that it stands in."""
    where = compare("event.store", "is_known")
    for _ in range(12):
        where = both(where)

    assert [("too-deep", "/if")] == list(found(rule(if_=count("gte", 1, where=where))))


def test_a_sound_rule_has_no_findings() -> None:
    assert [] == check(parse_rule(rule()), CATALOGUE)


def test_an_unreadable_document_is_found_by_its_problems() -> None:
    with pytest.raises(InvalidRule) as refused:
        parse_rule(rule(then="x"))

    (finding,) = unreadable(refused.value)
    assert ("invalid-shape", "/then", "error") == (finding.code, finding.path, finding.severity)
    assert "This can't be read: must be a list." == finding.text["en"]
    assert "无法读取：应为列表。" == finding.text["zh-Hans"]


class TestLoops:
    """Rules that set each other off in a circle."""

    @staticmethod
    def on(key: str, event: str, *then: JsonObject, where: Json = None) -> JsonObject:
        return rule(key=key, when={"type": "event", "event": event, "where": where}, then=list(then))

    @staticmethod
    def loops(document: JsonObject, *others: JsonObject) -> list[tuple[str, str]]:
        found = check(parse_rule(document), CATALOGUE, [parse_rule(one) for one in others])
        return [(one.path, one.text["en"]) for one in found if one.code == "tag-loop"]

    def test_a_circle_is_named(self) -> None:
        """The way round is told, and the action by which this rule begins it."""
        a = self.on("a", "Tag Removed", POINTS, tag("vip"))
        b = self.on("b", "Tag Added", {"type": "issue_coupon", "coupon": "TEN"})
        c = self.on("c", "Coupon Issued", tag("vip", "remove_tag"))

        assert [("/then/1", "Rules set each other off in a circle: a → b → c → a.")] == self.loops(a, b, c)
        assert "b → c → a → b" in self.loops(b, c, a)[0][1]

    def test_a_rule_may_set_itself_off(self) -> None:
        again = self.on("again", "Points Earned", POINTS)

        assert "again → again" in self.loops(again)[0][1]

    def test_a_wait_does_not_break_a_circle(self) -> None:
        assert self.loops(self.on("drip", "Points Earned", WAIT, POINTS))

    def test_rules_that_follow_without_a_way_back_are_no_circle(self) -> None:
        a = self.on("a", "Order Completed", tag("vip"))
        b = self.on("b", "Tag Added", POINTS)
        c = self.on("c", "Points Earned", {"type": "issue_coupon", "coupon": "TEN"})

        assert [] == self.loops(a, b, c)

    @pytest.mark.parametrize(
        ("where", "is_loop"),
        [
            (compare("event.tag", "eq", "vip"), True),
            (compare("event.tag", "eq", "new"), False),
            (compare("event.tag", "in", ["new", "vip"]), True),
            ({"type": "not", "of": [compare("event.tag", "eq", "vip")]}, False),
            (both(compare("event.tag", "eq", "vip"), compare("event.channel", "eq", "x")), True),
            (both(compare("event.tag", "eq", "new"), compare("event.channel", "eq", "x")), False),
            ({"type": "any", "of": [compare("event.tag", "eq", "new"), compare("event.x", "eq", "x")]}, True),
            ({"type": "any", "of": [compare("event.tag", "eq", "new")]}, False),
            (none(both(compare("event.tag", "eq", "vip"), compare("member.points", "gte", 1))), True),
            (none(none(compare("event.tag", "eq", "vip"), compare("member.points", "gte", 1))), True),
            (none(none(compare("member.points", "gte", 1))), True),
            (none(none(compare("event.tag", "eq", "new"))), False),
        ],
    )
    def test_a_condition_on_the_tag_breaks_it(self, where: Json, is_loop: bool) -> None:
        """What can be said beforehand of the event that an action causes is taken into account."""
        assert is_loop == bool(self.loops(self.on("a", "Tag Added", tag("vip"), where=where)))

    def test_an_older_version_of_the_rule_does_not_count(self) -> None:
        old = self.on("a", "Points Earned", POINTS)
        new = self.on("a", "Order Completed", POINTS)

        assert [] == self.loops(new, old)

    def test_circles_of_other_rules_are_theirs(self) -> None:
        other = self.on("other", "Points Earned", POINTS)

        assert [] == self.loops(self.on("a", "Order Completed", POINTS), other)
