"""What a back-test found, as JSON data for people and programs."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from api.service.backtest_counts import Compared, Given, Load, RuleTally
from api.service.backtesting import Found, Plan
from api.service.campaign_costs import costs
from api.service.reasons import RESULTS, reason_text
from engine.decision import BY_ITSELF
from engine.language.base import Text
from engine.language.catalogue import Catalogue
from engine.language.contact import ContactPolicy
from engine.values import instant_text

Json = dict[str, Any]
_SIDES: Final = ("then", "now", "both")


def report(found: Found, plan: Plan, catalogue: Catalogue, names: Mapping[str, Mapping[str, str]]) -> Json:
    """Return what a back-test found.

    Args:
        found: What was found.
        plan: What was back-tested.
        catalogue: The definitions of today: what coupons, points and messages cost.
        names: What published rules are called, by key and language.
    """
    drafts = {one["key"]: one for one in plan.drafts}
    known = {**names, **{key: one["name"] for key, one in drafts.items()}}
    campaigns = {key: one.get("campaign") for key, one in drafts.items()}
    tallies = found.tally.rules
    shown = sorted(tallies, key=lambda key: (key not in drafts, key in BY_ITSELF, -tallies[key].fired, key))
    whole = RuleTally()
    for key in sorted(tallies):
        if key not in BY_ITSELF:
            whole.join(tallies[key])
    everything = Compared()
    for key in sorted(tallies):
        everything.join(tallies[key].compared_effects)
    return {
        "from": instant_text(plan.since),
        "until": instant_text(plan.until),
        "checked": found.checked,
        "entries": found.tally.entries,
        "members": found.tally.members,
        "timers": found.timers,
        "together": found.together,
        "rules": [
            {
                "rule": key,
                "name": known.get(key, {}),
                "draft": key in drafts,
                **_plain(tallies[key], catalogue, campaigns.get(key)),
            }
            for key in shown
        ],
        "totals": {
            "fired": whole.fired,
            "effects": _sorted(whole.given.effects),
            "days": dict(sorted(whole.days.items())),
            "load": {day: _load(one) for day, one in sorted(found.tally.load.items())},
            "channels": _sorted(whole.given.channels),
            "suppressed": _sorted(whole.given.suppressed),
            "cost": _cost(whole.given, catalogue, None),
            "difference": {"effects": msgspec.to_builtins(everything)},
        },
        "currency": catalogue.programme.currency,
        "policies": [_policy(one) for one in catalogue.definitions.contact if one.caps],
        "reasons": {code: _reason(code) for code in _codes(tallies.values())},
    }


def _plain(tally: RuleTally, catalogue: Catalogue, campaign: str | None) -> Json:
    given = tally.given
    return {
        "version": tally.version,
        "fired": tally.fired,
        "members": tally.members,
        "held": _sorted(tally.held),
        "effects": _sorted(given.effects),
        "days": dict(sorted(tally.days.items())),
        "daily": {day: _day(one, catalogue, campaign) for day, one in sorted(tally.daily.items())},
        "segments": _sorted(tally.segments),
        "channels": _sorted(given.channels),
        "suppressed": _sorted(given.suppressed),
        "points": given.points,
        "coupons": _sorted(given.coupons),
        "prizes": _sorted(given.prizes),
        "cost": _cost(given, catalogue, campaign),
        "overlap": _sorted(tally.overlap),
        "moments": _sorted(tally.moments),
        "difference": {
            "members": msgspec.to_builtins(tally.compared_members),
            "effects": msgspec.to_builtins(tally.compared_effects),
            "seen": {side: msgspec.to_builtins(tally.seen.get(side, [])) for side in _SIDES},
        },
        "samples": [msgspec.to_builtins(one) for one in tally.samples],
    }


def _policy(policy: ContactPolicy) -> Json:
    caps = [one.model_dump(mode="json", exclude_none=True) for one in policy.caps]
    return {"key": policy.key, "name": policy.name, "caps": caps}


def _codes(tallies: Iterable[RuleTally]) -> list[str]:
    """Return every way in which a rule or a message of it was held back."""
    return sorted({code for one in tallies for code in (*one.held, *one.given.suppressed)})


def _reason(code: str) -> Text:
    result, _, reason = code.rpartition(":")
    return reason_text(result, reason) if result or reason not in RESULTS else dict(RESULTS[reason])


def _day(given: Given, catalogue: Catalogue, campaign: str | None) -> Json:
    return {
        "effects": given.effects.total(),
        "channels": _sorted(given.channels),
        "cost": _cost(given, catalogue, campaign)["total"],
    }


def _load(load: Load) -> Json:
    return {
        "channels": _sorted(load.channels),
        "members": load.members,
        "most": load.most,
        "capped": load.capped,
    }


def _cost(given: Given, catalogue: Catalogue, campaign: str | None) -> dict[str, int]:
    """Return what was given, in minor units: coupons as if every one were redeemed."""
    of_campaign = catalogue.campaigns.get(campaign) if campaign is not None else None
    return costs(
        catalogue,
        points=given.points,
        redeemed=given.coupons,
        prizes=[],
        delivered=given.channels.total(),
        message_cost=of_campaign.message_cost if of_campaign is not None else None,
    )


def _sorted(counted: Counter[str]) -> dict[str, int]:
    """Return what was counted, the most first."""
    return dict(sorted(counted.items(), key=lambda one: (-one[1], one[0])))
