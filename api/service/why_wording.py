"""Why a rule fired, or didn't, as JSON data and in words: English, simplified and traditional Chinese."""

from collections.abc import Mapping
from typing import Any, Final

from api.service.chinese import traditional
from api.service.naming import moment_text, rule_in_force
from api.service.reasons import RESULTS, reason_text
from api.service.why import LastAsked, Why
from api.service.wording import change_node, event_label, json_value, trace_node
from engine.explanation import Check
from engine.index import Index
from engine.language.base import Text, words
from engine.remedies import Remedy
from engine.values import instant_text

Json = dict[str, Any]
KINDS: Final[Mapping[str, Text]] = {
    "published": words("Published", "已发布"),
    "paused": words("Not paused", "未暂停"),
    "trigger": words("Trigger", "触发条件"),
    "condition": words("Conditions", "条件"),
    "lineage": words("Not led to by itself", "非自身引发"),
    "active": words("Within its dates", "生效期"),
    "campaign": words("Campaign in force", "所属活动"),
    "late": words("In time", "及时到达"),
    "re_entry": words("Starting again", "再次进入"),
    "hold_out": words("Not held out", "非对照组"),
    "per_member": words("Limit per member", "每位会员次数"),
    "group": words("Exclusive group", "互斥组"),
    "total": words("Limit in all", "总次数"),
    "supply": words("What it gives can be given", "可发放"),
    "budget": words("Budget", "预算"),
    "chain": words("Not too long a chain", "触发链"),
    "messages": words("Messages", "消息"),
}
"""What each part of the list is called (`engine.explanation.ORDER`)."""

REASONS: Final[Mapping[str, Text]] = {
    "not-published": words("the rule had not been published yet", "规则当时尚未发布"),
    "paused": words("the rule was paused", "规则当时已暂停"),
    "no-event": words("the event that starts it did not happen then", "触发事件当时没有发生"),
    "not-begun": words("what it waits for had not become true", "其条件当时尚未成立"),
    "begun-before": words(
        "its condition was true already; it fires only when it becomes true",
        "条件此前已经成立，仅在刚成立时触发",
    ),
    "never-due": words("it is never due for this member", "对该会员永远不会到期"),
    "not-due": words("it was not due then", "当时尚未到时间"),
    "not-armed": words("what it misses has never happened", "所等待的事件从未发生过"),
    "told-already": words(
        "it has dealt with this absence already; the event must happen again first",
        "本次缺席已处理过，需再次发生该事件",
    ),
    "before-publication": words("the time was over before the rule began", "规则生效前期限已过"),
}
"""Why a trigger didn't come, besides the reasons of the engine."""

_INSTANTS: Final = frozenset(("at", "from", "until", "since", "last", "due_at", "armed_at", "waiting_until"))


def told(member: str, why: Why, zone: str, newest: Index) -> Json:
    """Return why a rule fired, or didn't, as a Why of docs/http-api.md.

    Args:
        member: Key of the member.
        why: What was found.
        zone: IANA zone of the member.
        newest: The rules in force now, for names.
    """
    made = why.told
    name = rule_in_force(why.rule, newest)
    checks = [_unpublished(why)] if made is None else [_check(one, why) for one in made.checks]
    blocked = "published" if made is None else made.blocked_by
    change = _change(why)
    said: Json = spoken(
        {
            "member": member,
            "rule": why.rule,
            "name": name,
            "at": instant_text(why.at),
            "zone": zone,
            "revision": why.index.rules.revision,
            "version": None if why.standing is None else why.standing.rule.version,
            "basis": "entry" if why.basis is not None else "supposed",
            "sequence": None if why.basis is None else why.basis.sequence,
            "asked": None if why.asked is None else _asked(why.asked),
            "fires": made is not None and made.fires,
            "would_fire": made is not None and made.would_fire,
            "blocked_by": blocked,
            "checks": checks,
            "change": change,
            "text": _sentence(name, why, checks, change),
        }
    )
    return said


def spoken(said: Any) -> Any:
    """Return data whose texts are in traditional Chinese, too."""
    if isinstance(said, list):
        return [spoken(one) for one in said]
    if not isinstance(said, dict):
        return said
    if said.keys() == {"en", "zh-Hans"}:
        return {**said, "zh-Hant": traditional(said["zh-Hans"])}
    return {key: spoken(one) for key, one in said.items()}


def _asked(last: LastAsked) -> Json:
    return {
        "sequence": last.entry.sequence,
        "as_of": instant_text(last.entry.event.as_of),
        "version": last.version,
        "result": last.result,
        "text": dict(RESULTS[last.result]),
        "reason": _reason(last.reason),
    }


def _unpublished(why: Why) -> Json:
    published = instant_text(why.published) if why.published is not None else None
    return {
        "kind": "published",
        "name": dict(KINDS["published"]),
        "state": "fails",
        "reason": "not-published",
        "text": _reason("not-published"),
        "read": {"version": None, "since": published},
        "trace": None,
        "assumed": False,
    }


def _check(check: Check, why: Why) -> Json:
    document = why.standing.rule.document if why.standing is not None else None
    catalogue = why.index.rules.catalogue
    trace = trace_node(check.trace, document, catalogue) if check.trace is not None and document else None
    return {
        "kind": check.kind,
        "name": dict(KINDS[check.kind]),
        "state": check.state,
        "reason": check.reason,
        "text": _reason(check.reason),
        "read": _read(check.read),
        "trace": trace,
        "assumed": check.assumed,
    }


def _read(read: Mapping[str, Any]) -> Json:
    """Return what was read as JSON data."""
    return {
        key: [_read(each) for each in one] if key == "messages" else json_value(one, moments=key in _INSTANTS)
        for key, one in read.items()
    }


def _reason(code: str) -> Text:
    return dict(REASONS[code]) if code in REASONS else reason_text("", code)


def _change(why: Why) -> Json | None:
    """Return what would make it fire: the first thing, with all others that it takes besides."""
    if not why.amends:
        return None
    first, *further = [_amended(one, why) for one in why.amends]
    text = first["text"]
    for one in further:
        text = words(
            f"{text['en']} and {one['text']['en']}", f"{text['zh-Hans']}，且{one['text']['zh-Hans']}"
        )
    return {**first, "text": text, "further": further}


def _amended(one: Remedy, why: Why) -> Json:
    facts, text = None, _helped(one, why)
    if one.change is not None and why.standing is not None:
        facts = change_node(one.change, why.standing.rule.document, why.index.rules.catalogue)
        wanted = [each["text"] for each in facts["changes"]]
        text = words(
            "if " + " and ".join(each["en"] for each in wanted),
            "如果" + "，且".join(each["zh-Hans"] for each in wanted),
        )
    return {
        "how": one.how,
        "at": instant_text(one.at) if one.at is not None else None,
        "event": one.event or None,
        "facts": facts,
        "text": text,
    }


def _helped(remedy: Remedy, why: Why) -> Text:
    """Return a remedy that isn't of facts in words, as it stands behind "it would fire"."""
    catalogue = why.index.rules.catalogue
    at = moment_text(remedy.at, catalogue) if remedy.at is not None else words("", "")
    match remedy.how:
        case "time":
            return words(f"from {at['en']} on", f"自 {at['zh-Hans']} 起")
        case "earlier":
            return words(f"before {at['en']}", f"在 {at['zh-Hans']} 之前")
        case "sooner":
            return words(f"if the event had reached us by {at['en']}", f"如果事件在 {at['zh-Hans']} 之前到达")
        case "event":
            label = event_label(remedy.event, {}, catalogue)
            return words(f"if “{label['en']}” happened", f"如果发生“{label['zh-Hans']}”")
        case "resume":
            return words("if the rule went on", "如果规则恢复运行")
        case "publish":
            return words("once the rule is published", "规则发布之后")
        case "supply":
            return words("if more of what it gives were there", "如果可发放的数量更多")
        case "facts":
            return words("if its condition became true", "如果其条件变为成立")
        case _:
            return words("in no way for this member", "对该会员无法触发")


def _sentence(name: Text, why: Why, checks: list[Json], change: Json | None) -> Text:
    """Return the whole answer in a sentence or two."""
    if why.told is not None and why.told.fires:
        return words(f"“{name['en']}” fired.", f"“{name['zh-Hans']}”已触发。")
    first = next(one["text"] for one in checks if one["state"] == "fails")
    said = words(
        f"“{name['en']}” did not fire: {first['en']}.", f"“{name['zh-Hans']}”没有触发：{first['zh-Hans']}。"
    )
    if change is None:
        return said
    would = change["text"]
    return words(
        f"{said['en']} It would fire {would['en']}.", f"{said['zh-Hans']}{would['zh-Hans']}即会触发。"
    )
