"""What people call things: definitions, rules, channels, instants and amounts, in English and Chinese."""

from collections.abc import Mapping
from typing import Any, Final

from api.service.reasons import BY_ITSELF
from engine.errors import UnknownVersion
from engine.index import Index
from engine.language.base import LANGUAGES, Text, words
from engine.language.benefits import POINTS
from engine.language.catalogue import Catalogue, label_of
from engine.language.contact import CHANNEL_NAMES
from engine.programme.money import text
from engine.schedule import zone_named
from engine.values import Instant, to_datetime

_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sept", "Oct", "Nov", "Dec")


def name_text(names: Mapping[Any, str], key: str) -> Text:
    """Return a definition's name in both languages, or its key where it has none."""
    return {language: label_of(dict(names), language) if names else key for language in LANGUAGES}


def named(kind: str, key: str, catalogue: Catalogue) -> Text:
    """Return what a definition of a kind is called, or its key if there is none."""
    return name_text(catalogue.name_of(kind, key) or {}, key)


def tier_name(ladder: str, tier: str, catalogue: Catalogue) -> Text:
    """Return what a level is called, or its key if the ladder has none of it."""
    definition = catalogue.ladders.get(ladder)
    tiers = definition.tiers if definition is not None else []
    return name_text(next((one.name for one in tiers if one.key == tier), {}), tier)


def prize_name(wheel: str, prize: str, catalogue: Catalogue) -> Text:
    """Return what a prize is called, or its key if the wheel has none of it."""
    definition = catalogue.wheels.get(wheel)
    prizes = definition.prizes if definition is not None else []
    return name_text(next((one.name for one in prizes if one.key == prize), {}), prize)


def rule_name(key: str, version: int, index: Index) -> Text:
    """Return what a version of a rule was called, or its key; of the programme's own doing, its name."""
    if key in BY_ITSELF:
        return dict(BY_ITSELF[key])
    try:
        return name_text(index.rules.version(key, version).document.name, key)
    except UnknownVersion:
        return words(key, key)


def rule_in_force(key: str, index: Index) -> Text:
    """Return what a rule is called now; its key if it isn't published."""
    found = index.rules.standing.get(key)
    return rule_name(key, found.rule.version if found is not None else 0, index)


def rule_called(key: str, index: Index | None) -> Text:
    """Return what a rule is called now, or its key where the rules in force aren't known."""
    return words(key, key) if index is None else rule_in_force(key, index)


def channel_name(channel: str) -> Text:
    """Return what a way out is called, or its key if it is none of ours."""
    return words(*CHANNEL_NAMES.get(channel, (channel, channel)))


def amount_text(amount: int, unit: str, catalogue: Catalogue) -> Text:
    """Return so much of a unit: `1 point`, `30 “Stars”`, or `12.5 CNY “Gift card”`."""
    name = unit_name(unit, catalogue)
    definition = catalogue.units.get(unit)
    if definition is not None and definition.currency is not None:
        money = f"{text(amount, definition.currency)} {definition.currency}"
        return words(f"{money} {name['en']}", f"{money} {name['zh-Hans']}")
    if name["en"] == POINTS:
        return words(f"{amount} point" if amount == 1 else f"{amount} points", f"{amount} 积分")
    return words(f"{amount} {name['en']}", f"{amount} {name['zh-Hans']}")


def unit_name(unit: str, catalogue: Catalogue) -> Text:
    """Return a unit as it stands in a sentence: in quotes, unless it is plain points."""
    name = named("units", unit, catalogue)
    if unit == POINTS and name["en"] == POINTS:
        return name
    return words(f"“{name['en']}”", f"“{name['zh-Hans']}”")


def moment_text(instant: Instant, catalogue: Catalogue) -> Text:
    """Return an instant as the programme's clock shows it, to the minute."""
    local = to_datetime(instant).astimezone(zone_named(catalogue.programme.zone))
    clock = f"{local:%H:%M}"
    return words(
        f"{local.day} {_MONTHS[local.month - 1]} {local.year}, {clock}",
        f"{local.year}年{local.month}月{local.day}日 {clock}",
    )
