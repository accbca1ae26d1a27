"""Conflicts between rules in words, in English and Chinese."""

from collections.abc import Mapping
from typing import Final

from api.service.naming import named, rule_in_force, tier_name
from engine.conflicts import Code, Conflict
from engine.effects import AddTag, RemoveTag
from engine.index import Index
from engine.language.base import LANGUAGES, Text, words

_TEXTS: Final[Mapping[Code, Text]] = {
    "coupons": words(
        "“{one}” gives coupon “{coupon}” and “{other}” gives coupon “{other_coupon}” at the same moment,"
        " and both can be used on one order.",
        "“{one}”发放优惠券“{coupon}”，“{other}”同时发放“{other_coupon}”，两张券可在同一订单叠加使用。",
    ),
    "factors": words(
        "“{one}” and “{other}” both multiply “{unit}” at the same moment, and the factors add up.",
        "“{one}”和“{other}”在同一时刻都对“{unit}”加倍，倍数会叠加。",
    ),
    "tag": words(
        "“{one}” adds tag “{tag}” and “{other}” removes it at the same moment; {stands}",
        "“{one}”添加标签“{tag}”，“{other}”在同一时刻移除它；{stands}",
    ),
    "tag-group": words(
        "“{one}” adds tag “{tag}” and “{other}” adds tag “{other_tag}” at the same moment,"
        " but a member can have only one of them.",
        "“{one}”添加标签“{tag}”，“{other}”在同一时刻添加标签“{other_tag}”，而会员只能拥有其中之一。",
    ),
    "level": words(
        "“{one}” sets the level on “{ladder}” to “{tier}” and “{other}” sets it to “{other_tier}”"
        " at the same moment.",
        "“{one}”将“{ladder}”等级设为“{tier}”，“{other}”在同一时刻将其设为“{other_tier}”。",
    ),
    "same": words(
        "“{one}” and “{other}” start alike, ask the same and do the same: everything happens twice.",
        "“{one}”和“{other}”的触发、条件和动作完全相同：一切会发生两次。",
    ),
    "claimed": words(
        "“{other}” never fires: “{one}” always goes first and claims the same {property}.",
        "“{other}”永远不会触发：“{one}”总是先执行，并占用同一个 {property}。",
    ),
    "outdone": words(
        "The factor of “{other}” never counts: whenever it holds, that of “{one}” is at least as high.",
        "“{other}”的倍数从不生效：凡是它成立时，“{one}”的倍数都不低于它。",
    ),
    "circle": words(
        "{circle} set each other off in a circle; the engine stops it when it comes round.",
        "{circle} 循环触发；引擎会在回到起点时停止。",
    ),
}
_FIXES: Final[Mapping[Code, Text]] = {
    "coupons": words(
        "Put both coupons in one group, don't let them be used with others, or keep the conditions apart.",
        "将两张券设为同一互斥组、不允许叠加，或让两条规则的条件互不重叠。",
    ),
    "factors": words(
        "Let only the highest multiplier of the unit count, or keep the conditions apart.",
        "将该单位设为“取最高”倍数，或让两条规则的条件互不重叠。",
    ),
    "tag": words(
        "Keep the conditions apart, or remove one of the actions.", "让条件互不重叠，或删除其中一个动作。"
    ),
    "tag-group": words("Keep the conditions apart.", "让两条规则的条件互不重叠。"),
    "level": words("Keep the conditions apart.", "让两条规则的条件互不重叠。"),
    "same": words("Delete one of them, or make them differ.", "删除其中一条，或使其有所区别。"),
    "claimed": words(
        "Give the narrower rule the smaller number of priority, or claim by another property.",
        "给条件更窄的规则更靠前的优先级，或按其他属性限次。",
    ),
    "outdone": words(
        "Make the factor of the narrower rule the higher one, or delete it.",
        "提高条件更窄的规则的倍数，或删除它。",
    ),
    "circle": words(
        "Let one of them ask for something that ends the circle.", "为其中一条规则加上能结束循环的条件。"
    ),
}
_STANDS: Final = {
    True: words("in the end the member has it.", "最终会员拥有该标签。"),
    False: words("in the end the member doesn't have it.", "最终会员没有该标签。"),
}
_KINDS: Final = {
    "tag": "tags",
    "other_tag": "tags",
    "coupon": "coupons",
    "other_coupon": "coupons",
    "unit": "units",
}


def conflict_text(conflict: Conflict, index: Index) -> Text:
    """Return what is the matter between rules.

    Args:
        conflict: What was found.
        index: The rules, for their names and those of definitions.
    """
    names = [rule_in_force(key, index) for key in conflict.rules]
    said: dict[str, Text] = {"one": names[0], "other": names[-1]}
    for name, key in conflict.about.items():
        said[name] = _called(name, key, conflict, index)
    if conflict.code == "tag":
        said["stands"] = _STANDS[_has_it_in_the_end(conflict)]
    round_trip = [*names, names[0]]
    said["circle"] = {of: " → ".join(f"“{one[of]}”" for one in round_trip) for of in LANGUAGES}
    return {
        of: _TEXTS[conflict.code][of].format_map({name: text[of] for name, text in said.items()})
        for of in LANGUAGES
    }


def conflict_fix(conflict: Conflict) -> Text:
    """Return what can be done about a conflict."""
    return dict(_FIXES[conflict.code])


def _called(name: str, key: str, conflict: Conflict, index: Index) -> Text:
    catalogue = index.rules.catalogue
    if name in {"tier", "other_tier"}:
        return tier_name(conflict.about["ladder"], key, catalogue)
    if name == "ladder":
        return named("ladders", key, catalogue)
    return named(_KINDS[name], key, catalogue) if name in _KINDS else words(key, key)


def _has_it_in_the_end(conflict: Conflict) -> bool:
    """Return whether the last that the rules did with the tag at that moment was to put it on."""
    last = False
    for place in conflict.witness.moment:
        for outcome in conflict.witness.chapters[place].decision.outcomes:
            for effect in outcome.effects if outcome.rule in conflict.rules else ():
                if isinstance(effect, AddTag | RemoveTag) and effect.tag == conflict.about["tag"]:
                    last = isinstance(effect, AddTag)
    return last
