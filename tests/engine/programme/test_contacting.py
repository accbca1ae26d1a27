"""Consent, frequency caps and quiet hours: what is sent, what is held back, and by what."""

from typing import Any

import msgspec
import pytest

from engine.replay import replay
from tests.support.life import ORDER, Life, Programme, rule

SHANGHAI_NIGHT = "2026-03-01T21:00:00+08:00"
LADDER = {
    "key": "tier",
    "name": {"en": "Levels"},
    "measure": "count",
    "period": "ever",
    "tiers": [{"key": "gold", "name": {"en": "Gold"}, "reached_at": "4"}],
}


def programme(*, caps: Any = (), quiet: Any = None, channels: Any = (), **more: Any) -> Programme:
    policy = {"key": "calm", "name": {"en": "Calm"}, "caps": list(caps)}
    if quiet is not None:
        policy["quiet_hours"] = quiet
    templates = [
        {"key": "news", "name": {"en": "News"}, "body": {"en": "News"}},
        {"key": "receipt", "name": {"en": "Receipt"}, "body": {"en": "Paid"}, "purpose": "service"},
    ]
    settings = [{"key": key, "name": {"en": key}, "consent": consent} for key, consent in channels]
    return Programme({"templates": templates, "contact": [policy], "channels": settings, **more})


def sending(key: str = "r", *, channel: str = "sms", template: str = "news", **said: Any) -> dict[str, Any]:
    message = {"type": "send_message", "channel": channel, "template": template}
    return rule(key=key, then=[message], **said)


def messages(life: Life) -> list[dict[str, Any]]:
    return [
        {**msgspec.to_builtins(effect), "rule": outcome.rule}
        for _, decided in life.decided
        for outcome in decided.decision.outcomes
        for effect in outcome.effects
        if msgspec.to_builtins(effect)["type"] == "send_message"
    ]


def told(life: Life) -> list[str]:
    """What became of each message: sent, held, or why not."""
    return [one.get("suppressed") or ("held" if "until" in one else "sent") for one in messages(life)]


def replayed(life: Life) -> None:
    report = replay("m1", life.logged, life.programme.decider)
    assert [] == report.divergences
    assert life.state == report.state


def test_a_cap_counts_requests_in_a_half_open_window() -> None:
    """Of any seven days at most two; at exactly seven days the first one is out of the window."""
    life = Life(sending(), programme=programme(caps=[{"times": 2, "within": {"days": 7}}]))
    for when in (
        "2026-03-01",
        "2026-03-02",
        "2026-03-03",
        "2026-03-07 23:59",
        "2026-03-08",
        "2026-03-08 01:00",
    ):
        life.track(when)

    assert ["sent", "sent", "frequency-cap", "frequency-cap", "sent", "frequency-cap"] == told(life)
    assert {"calm/0"} == {one["cap"] for one in messages(life) if "cap" in one}
    replayed(life)


def test_the_rule_of_higher_priority_takes_the_last_place() -> None:
    both = [sending("low", priority=60), sending("high", priority=1)]
    life = Life(*both, programme=programme(caps=[{"times": 1, "within": {"days": 1}}]))
    life.track("2026-03-01")

    assert [("high", "sent"), ("low", "frequency-cap")] == list(
        zip([one["rule"] for one in messages(life)], told(life), strict=True)
    )


def test_messages_of_one_rule_count_against_each_other() -> None:
    message = {"type": "send_message", "channel": "sms", "template": "news"}
    life = Life(rule(then=[message] * 3), programme=programme(caps=[{"times": 2, "within": {"days": 1}}]))
    life.track("2026-03-01")

    assert ["sent", "sent", "frequency-cap"] == told(life)


def test_a_cap_by_channel_counts_and_holds_back_only_it() -> None:
    cap = {"times": 1, "within": {"days": 7}, "channels": ["sms", "push"]}
    life = Life(
        sending("a", channel="sms"), sending("b", channel="email"), sending("c", channel="push"),
        programme=programme(caps=[cap]),
    )  # fmt: skip
    life.track("2026-03-01")

    assert ["sent", "sent", "frequency-cap"] == told(life)


def test_higher_levels_are_written_to_less() -> None:
    """A cap for gold members counts what was sent before they were, too."""
    caps = [{"times": 3, "within": {"days": 7}}, {"times": 2, "within": {"days": 7}, "tiers": ["gold"]}]
    life = Life(sending(), programme=programme(caps=caps, ladders=[LADDER]))
    for day in range(1, 3):
        life.track(f"2026-03-0{day}")
    life.track("2026-03-03", "Product Viewed")
    for day in range(4, 10):
        life.track(f"2026-03-0{day}")

    # Gold with the fourth order, on the 5th; on the 8th, two of the three are left in the window.
    assert ["sent"] * 3 + ["frequency-cap"] * 4 + ["sent"] == told(life)
    caps_said = [one["cap"] for one in messages(life) if "cap" in one]
    assert ["calm/0", "calm/0", "calm/0", "calm/1"] == caps_said
    replayed(life)


def test_service_messages_are_exempt_and_do_not_count() -> None:
    policies = programme(
        caps=[{"times": 1, "within": {"days": 7}}],
        quiet={"from": "00:00", "until": "23:59", "then": "drop", "channels": ["email"]},
        channels=[("sms", "opt_in")],
    )
    life = Life(sending("a", template="receipt"), sending("b", template="receipt"), programme=policies)
    life.track("2026-03-01", "Consent Withdrawn")
    life.track("2026-03-01")

    assert ["sent", "sent"] == told(life)
    assert [] == [key for key in life.state.past if key not in {ORDER, "Consent Withdrawn"}]


@pytest.mark.parametrize(
    ("mode", "events", "expected"),
    [
        ("opt_out", [], "sent"),
        ("opt_in", [], "no-consent"),
        ("opt_in", [("Consent Given", "sms")], "sent"),
        ("opt_in", [("Consent Given", "email")], "no-consent"),
        ("opt_in", [("Consent Given", None)], "no-consent"),
        ("opt_in", [("Consent Given", "all")], "sent"),
        ("opt_out", [("Consent Withdrawn", "sms")], "no-consent"),
        ("opt_out", [("Consent Withdrawn", "email")], "sent"),
        ("opt_out", [("Consent Withdrawn", None)], "no-consent"),
        ("opt_out", [("Consent Withdrawn", "sms"), ("Consent Given", "sms")], "sent"),
    ],
)
def test_consent_by_channel(mode: str, events: list[tuple[str, str | None]], expected: str) -> None:
    life = Life(sending(), programme=programme(channels=[("sms", mode)]))
    for at, (name, channel) in enumerate(events):
        life.track(f"2026-02-0{at + 1}", name, channel=channel)
    life.track("2026-03-01")

    assert [expected] == told(life)
    replayed(life)


def test_what_was_said_earlier_does_not_undo_what_was_said_later() -> None:
    life = Life(sending(), programme=programme())
    life.track("2026-02-02", "Consent Withdrawn", channel="sms")
    life.track("2026-02-03", "Consent Given", occurred="2026-02-01", channel="sms")
    life.track("2026-03-01")

    assert ["no-consent"] == told(life)


def test_consent_is_a_fact() -> None:
    agreed = {"type": "compare", "fact": "member.consent.sms", "op": "eq", "value": True}
    life = Life(rule(**{"if": agreed}), programme=programme())
    life.track("2026-02-01")
    life.track("2026-02-02", "Consent Given", channel="sms")
    life.track("2026-02-03")
    life.track("2026-02-04", "Consent Withdrawn", channel="sms")
    life.track("2026-02-05")

    assert ["award_points 10"] == life.what


QUIET = {"from": "21:00", "until": "09:00", "then": "hold"}


@pytest.mark.parametrize(
    ("when", "held_until"),
    [
        ("2026-03-01T20:59:59+08:00", None),
        ("2026-03-01T21:00:00+08:00", "2026-03-02T01:00:00Z"),
        ("2026-03-02T08:59:59+08:00", "2026-03-02T01:00:00Z"),
        ("2026-03-02T09:00:00+08:00", None),
    ],
)
def test_quiet_hours_hold_until_they_end(when: str, held_until: str | None) -> None:
    life = Life(sending(), programme=programme(quiet=QUIET))
    life.track(when)
    assert ["held" if held_until else "sent"] == told(life)

    life.until("2026-03-03")
    assert ["held", "sent"] if held_until else ["sent"] == told(life)
    if held_until:
        assert held_until == life.effects[-1][0]
        assert messages(life)[0]["id"] == messages(life)[1]["waited"]
    assert [] == life.state.waiting
    replayed(life)


def test_quiet_hours_are_those_of_the_member() -> None:
    life = Life(sending(), programme=programme(quiet=QUIET))
    life.track(SHANGHAI_NIGHT, zone="America/New_York")

    assert ["held"] == told(life)
    life.until("2026-03-03")
    assert "2026-03-01T14:00:00Z" == life.effects[-1][0]


def test_quiet_hours_may_drop() -> None:
    life = Life(sending(), programme=programme(quiet={**QUIET, "then": "drop"}))
    life.track(SHANGHAI_NIGHT)

    assert ["quiet-hours"] == told(life)
    assert "calm" == messages(life)[0]["cap"]


def test_consent_and_caps_are_looked_at_again_when_quiet_hours_end() -> None:
    both = [sending("late", priority=60), sending("early", priority=1)]
    life = Life(*both, programme=programme(quiet=QUIET, caps=[{"times": 1, "within": {"days": 1}}]))
    life.track(SHANGHAI_NIGHT)
    assert ["held", "held"] == told(life)
    life.until("2026-03-02T02:00:00Z")

    assert [("early", "sent"), ("late", "frequency-cap")] == list(
        zip([one["rule"] for one in messages(life)[2:]], told(life)[2:], strict=True)
    )
    life = Life(sending(), programme=programme(quiet=QUIET))
    life.track(SHANGHAI_NIGHT)
    life.track("2026-03-01T23:00:00+08:00", "Consent Withdrawn", channel="sms")
    life.until("2026-03-03")
    assert ["held", "no-consent"] == told(life)


def test_what_was_held_is_not_sent_more_than_a_day_late() -> None:
    life = Life(sending(), programme=programme(quiet=QUIET))
    life.track(SHANGHAI_NIGHT)
    life.until("2026-03-02T02:00:00Z", seen="2026-03-03T01:00:00.000001Z")
    assert ["held", "overdue"] == told(life)


def test_a_cap_made_later_counts_what_was_sent_before_it() -> None:
    """The state is made anew with what the cap counts, so a replay under the widest set agrees."""
    life = Life(sending(), programme=programme())
    life.track("2026-03-01")
    whole = programme(caps=[{"times": 1, "within": {"days": 7}}]).controls[0].body
    life.programme.add("Definitions Changed", whole)
    report = replay("m1", life.logged, life.programme.decider, upto=life.programme.index)
    life.state = report.state
    life.track("2026-03-02")

    assert ["sent", "frequency-cap"] == told(life)


NIGHT, LATER = "2026-03-01T23:00:00+08:00", "2026-03-01T23:30:00+08:00"


def journey(*after: dict[str, Any], **said: Any) -> dict[str, Any]:
    """A journey that writes, and then waits for a day."""
    message = {"type": "send_message", "channel": "sms", "template": "news"}
    wait = {"type": "wait", "for": {"days": 1}}
    return rule(key="r", when={"type": "event", "event": "Signed Up"}, then=[message, wait, *after], **said)


@pytest.mark.parametrize(
    ("said", "event", "expected"),
    [
        ({"exit": {"type": "event", "event": "Order Refunded"}}, "Order Refunded", "left-meanwhile"),
        ({"exit": {"type": "event", "event": "Order Refunded"}}, "Checked In", "sent"),
        ({"goal": {"type": "event", "event": "Checked In"}}, "Checked In", "left-meanwhile"),
        ({}, "Checked In", "sent"),
    ],
)
def test_what_is_held_goes_with_the_journey_that_its_member_leaves(
    said: dict[str, Any], event: str, expected: str
) -> None:
    life = Life(journey({"type": "award_points", "points": 1}, **said), programme=programme(quiet=QUIET))
    life.track(NIGHT, "Signed Up")
    assert ["held"] == told(life)
    life.track(LATER, event)
    life.until("2026-03-06")

    assert ["held", expected] == told(life)
    assert messages(life)[0]["id"] == messages(life)[1]["waited"]
    assert [] == life.state.waiting
    replayed(life)


def test_what_is_held_outlives_a_journey_that_is_through() -> None:
    """Nobody leaves a rule whose last action was the message; nor does another rule's exit concern it."""
    over = journey(exit={"type": "event", "event": "Checked In"}) | {"key": "other"}
    through = sending("s", when={"type": "event", "event": "Signed Up"})
    life = Life(over, through, programme=programme(quiet=QUIET))
    life.track(NIGHT, "Signed Up")
    life.track(LATER, "Checked In")
    life.until("2026-03-06")

    became = {(one["rule"], one.get("suppressed")) for one in messages(life) if "waited" in one}
    assert {("other", "left-meanwhile"), ("s", None)} == became
    replayed(life)


def test_a_new_beginning_drops_what_the_old_one_holds() -> None:
    life = Life(
        journey({"type": "award_points", "points": 1}, re_entry="restart"), programme=programme(quiet=QUIET)
    )
    life.track(NIGHT, "Signed Up")
    life.track(LATER, "Signed Up")
    life.until("2026-03-06")

    assert ["held", "left-meanwhile", "held", "sent"] == told(life)
    replayed(life)
