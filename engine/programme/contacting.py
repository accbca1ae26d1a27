"""What may be sent to a member now: consent, frequency caps, quiet hours (rulings 9 and 19).

A message is looked at when its effect applies, so that those before it in the
decision count. What is held back says by what, and stays in the record.
"""

from typing import Any, Final

import msgspec

from engine.decision import Outcome
from engine.effects import AnyEffect, SendMessage, StartWait
from engine.events import CONSENT_GIVEN, CONSENT_WITHDRAWN, Event
from engine.index import Index
from engine.language.catalogue import Catalogue
from engine.language.contact import CHANNELS, Purpose
from engine.language.pressure import Cap, Pressure, Quiet
from engine.programme.asked import MAX_TEXT
from engine.programme.occasion import derived_id
from engine.reading import figure_of
from engine.rules import OVERDUE
from engine.schedule import local, next_local
from engine.state import Consent, Enrolment, HeldMessage, MemberState
from engine.values import Instant

OF_CONSENT: Final = frozenset((CONSENT_GIVEN, CONSENT_WITHDRAWN))
"""Events by which a member says whether it agrees to marketing."""

_EVERY_CHANNEL: Final = "all"
_replace = msgspec.structs.replace


def overdue(event: Event) -> str | None:
    """Return why a message mustn't be sent any more, or None."""
    if event.kind != "timer" or event.mode != "live":
        return None
    return "overdue" if event.recorded_at - event.properties["due_at"] > OVERDUE else None


def purpose_of(catalogue: Catalogue, template: str) -> Purpose:
    """Return what a template is for; one that isn't defined any more is for marketing."""
    definition = catalogue.templates.get(template)
    return definition.purpose if definition is not None else "marketing"


def weighed(outcome: Outcome, state: MemberState, as_of: Instant, index: Index, zone: str) -> Outcome:
    """Return an outcome whose messages say whether they may be sent, and when.

    Args:
        outcome: What comes of a rule, of a wait for quiet hours, or of a broadcast.
        state: The member, after everything before it in the decision.
        as_of: The instant of the decision.
        index: The rules in force.
        zone: The member's IANA zone.
    """
    pressure = index.rules.pressure
    requested: list[str] = []
    effects: list[AnyEffect] = []
    sends = False
    for effect in outcome.effects:
        made = effect
        if isinstance(effect, SendMessage) and effect.suppressed is None and effect.purpose == "marketing":
            sends = True
            held = _held_back(effect.channel, state, as_of, pressure, zone, requested)
            made = _replace(effect, **held) if held else effect
            if not held:
                requested.append(effect.channel)
        effects.append(made)
    return _replace(outcome, effects=tuple(effects)) if sends else outcome


def _held_back(
    channel: str, state: MemberState, as_of: Instant, pressure: Pressure, zone: str, requested: list[str]
) -> dict[str, Any]:
    """Return what a message's effect says of being held back; nothing if it may leave."""
    said = state.consent.get(channel)
    if not said.given if said is not None else channel in pressure.opt_in:
        return {"suppressed": "no-consent"}
    for cap in pressure.caps:
        if _concerns(cap, channel, state) and _counted(cap, state, as_of, zone, requested) >= cap.times:
            return {"suppressed": "frequency-cap", "cap": cap.key}
    quiet = next((one for one in pressure.quiet if _is_quiet(one, channel, as_of, zone)), None)
    if quiet is None:
        return {}
    if not quiet.hold:
        return {"suppressed": "quiet-hours", "cap": quiet.key}
    return {"until": next_local(as_of, every="day", at=quiet.until, zone=zone), "cap": quiet.key}


def _concerns(cap: Cap, channel: str, state: MemberState) -> bool:
    if cap.channels and channel not in cap.channels:
        return False
    return not cap.tiers or state.fact("tier") in cap.tiers


def _counted(cap: Cap, state: MemberState, as_of: Instant, zone: str, requested: list[str]) -> int:
    """Return how many messages count against a cap, those requested by the same outcome among them."""
    count = figure_of(cap.figure, state.past.get(cap.figure.series.key), as_of, zone)
    more = sum(1 for channel in requested if not cap.channels or channel in cap.channels)
    return more + count if isinstance(count, int) else more


def _is_quiet(quiet: Quiet, channel: str, as_of: Instant, zone: str) -> bool:
    if quiet.channels and channel not in quiet.channels:
        return False
    now = local(as_of, zone)
    minute = now.hour * 60 + now.minute
    if quiet.begin < quiet.end:
        return quiet.begin <= minute < quiet.end
    return minute >= quiet.begin or minute < quiet.end


def waiting(state: MemberState, effect: SendMessage, outcome: Outcome, event: Event) -> list[HeldMessage]:
    """Return the messages that wait for quiet hours to end, with one more."""
    held = HeldMessage(
        id=effect.waited or effect.id,
        rule=outcome.rule,
        version=outcome.version,
        action=effect.action,
        channel=effect.channel,
        template=effect.template,
        until=effect.until or event.as_of,
        origin=event.properties["mark"] if effect.waited else event.member_sequence,
        enrolment=effect.enrolment if effect.waited else _enrolment(outcome, event),
    )
    return [*state.waiting, held]


def _enrolment(outcome: Outcome, event: Event) -> int:
    """Return the number of the enrolment in which the member goes on waiting; 0 if the rule is over."""
    wait = next((one for one in outcome.effects if isinstance(one, StartWait)), None)
    return 0 if wait is None else wait.number or event.member_sequence


def dropped(state: MemberState, wait: Enrolment, event: Event, step: int) -> tuple[SendMessage, ...]:
    """Return that the messages of a journey which wait for quiet hours aren't sent, as the member left it.

    Args:
        state: The member.
        wait: The wait that ends before its time.
        event: The entry by which it ends.
        step: Number of the step.
    """
    return tuple(
        SendMessage(
            id=derived_id(event, step, held.rule, held.version, f"left.{held.id}"),
            action=held.action,
            channel=held.channel,
            template=held.template,
            suppressed="left-meanwhile",
            waited=held.id,
        )
        for held in state.waiting
        if held.rule == wait.rule and held.enrolment == wait.number
    )


def released(state: MemberState, event: Event) -> Outcome:
    """Return what comes of a message whose quiet hours have ended, before it is weighed again.

    Args:
        state: The member before the timer, with the message still waiting.
        event: The timer.
    """
    held = next(one for one in state.waiting if one.id == event.properties["message"])
    effect = SendMessage(
        id=derived_id(event, 0, held.rule, held.version, held.action),
        action=held.action,
        channel=held.channel,
        template=held.template,
        suppressed=overdue(event),
        waited=held.id,
        enrolment=held.enrolment,
    )
    return Outcome(step=0, rule=held.rule, version=held.version, result="resumed", effects=(effect,))


def consented(state: MemberState, event: Event) -> dict[str, Consent]:
    """Return what the member says of marketing after an event of consent.

    Withdrawn without a channel, or for `all`, it is withdrawn for every one; given it must name
    its channel, or `all`. What was said earlier doesn't undo what was said later.
    """
    said = event.properties.get("channel")
    given = event.name == CONSENT_GIVEN
    every = said == _EVERY_CHANNEL or (said is None and not given)
    channels = CHANNELS if every else tuple(one for one in CHANNELS if one == said)
    reason = event.properties.get("why")
    why = reason[:MAX_TEXT] if isinstance(reason, str) else ""
    known = dict(state.consent)
    for channel in channels:
        before = known.get(channel)
        if before is None or before.at <= event.occurred_at:
            known[channel] = Consent(given, event.occurred_at, event.source, why)
    return known
