"""What a back-test found, as JSON data for people and programs."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import msgspec

from api.service.backtest_tally import Compared, RuleTally
from api.service.backtesting import Found, Plan
from api.service.campaign_costs import costs
from engine.decision import BY_ITSELF
from engine.language.catalogue import Catalogue
from engine.values import instant_text

Json = dict[str, Any]


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
            "effects": _sorted(whole.effects),
            "days": dict(sorted(whole.days.items())),
            "channels": _sorted(whole.channels),
            "suppressed": _sorted(whole.suppressed),
            "cost": _cost(whole, catalogue, None),
            "difference": {"effects": msgspec.to_builtins(everything)},
        },
        "currency": catalogue.programme.currency,
    }


def _plain(tally: RuleTally, catalogue: Catalogue, campaign: str | None) -> Json:
    return {
        "version": tally.version,
        "fired": tally.fired,
        "members": tally.members,
        "held": _sorted(tally.held),
        "effects": _sorted(tally.effects),
        "days": dict(sorted(tally.days.items())),
        "segments": _sorted(tally.segments),
        "channels": _sorted(tally.channels),
        "suppressed": _sorted(tally.suppressed),
        "points": tally.points,
        "coupons": _sorted(tally.coupons),
        "prizes": _sorted(tally.prizes),
        "cost": _cost(tally, catalogue, campaign),
        "overlap": _sorted(tally.overlap),
        "difference": {
            "members": msgspec.to_builtins(tally.compared_members),
            "effects": msgspec.to_builtins(tally.compared_effects),
        },
        "samples": [msgspec.to_builtins(one) for one in tally.samples],
    }


def _cost(tally: RuleTally, catalogue: Catalogue, campaign: str | None) -> dict[str, int]:
    """Return what was given, in minor units: coupons as if every one were redeemed."""
    of_campaign = catalogue.campaigns.get(campaign) if campaign is not None else None
    return costs(
        catalogue,
        points=tally.points,
        redeemed=tally.coupons,
        prizes=[],
        delivered=sum(tally.channels.values()),
        message_cost=of_campaign.message_cost if of_campaign is not None else None,
    )


def _sorted(counted: Counter[str]) -> dict[str, int]:
    """Return what was counted, the most first."""
    return dict(sorted(counted.items(), key=lambda one: (-one[1], one[0])))
