"""Which tags members have together, by a library that finds association rules (T12)."""

from typing import Any

from efficient_apriori import apriori
from efficient_apriori.rules import Rule

from api.service.naming import named
from api.store.tag_figures import Baskets
from engine.language.base import Text, words
from engine.language.catalogue import Catalogue

Json = dict[str, Any]
_TAGS = 3
"""How many tags an association speaks of at most: two that suggest a third."""

_LEAST = 0.005


def associated(told: Baskets, least_members: int, least_percent: int) -> list[Rule]:
    """Return the associations of one tag with others that suggest it, the strongest lift first.

    Those that make the other tag less likely than it is anyway are left out.

    Args:
        told: The tags of some members.
        least_members: How many of them must have all its tags at least. What fewer than 0.5 % have
            is left out in any case: there is very much of it, and little to act on.
        least_percent: Least confidence, in percent.
    """
    if not told.tags or least_members > told.members:
        return []
    everybody = [*told.tags, *([()] * (told.members - len(told.tags)))]
    support = max(least_members / told.members, _LEAST)
    confidence = least_percent / 100
    _, found = apriori(everybody, min_support=support, min_confidence=confidence, max_length=_TAGS)
    strong = [one for one in found if len(one.rhs) == 1 and one.lift > 1]
    return sorted(strong, key=lambda one: (-round(one.lift, 6), -one.count_full, one.lhs, one.rhs))


def association(one: Rule, catalogue: Catalogue) -> Json:
    """Return an association as JSON data, with a plain sentence; fractions are decimal text."""
    having = [{"tag": tag, "name": named("tags", tag, catalogue)} for tag in one.lhs]
    then = {"tag": one.rhs[0], "name": named("tags", one.rhs[0], catalogue)}
    return {
        "having": having,
        "then": then,
        "members": one.count_full,
        "support": f"{one.support:.4f}",
        "confidence": f"{one.confidence:.4f}",
        "lift": f"{one.lift:.2f}",
        "text": _said([part["name"] for part in having], then["name"], one),
    }


def _said(having: list[Text], then: Text, one: Rule) -> Text:
    times, percent = f"{one.lift:.1f}", f"{100 * one.confidence:.0f}"
    en = " and ".join(f"“{name['en']}”" for name in having)
    zh = "、".join(f"“{name['zh-Hans']}”" for name in having)
    return words(
        f"Members with {en} are {times} times as likely to have “{then['en']}” as members are on the whole:"
        f" {percent} % of them do.",
        f"有{zh}的会员拥有“{then['zh-Hans']}”的可能性是全体会员的 {times} 倍（其中 {percent}% 拥有）。",
    )
