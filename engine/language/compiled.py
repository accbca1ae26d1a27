"""A rule version made ready to decide by."""

from dataclasses import dataclass, field

from engine.language.actions import Action, AddTagAction, WaitAction
from engine.language.base import Duration, Span
from engine.language.catalogue import Catalogue
from engine.language.document import RuleDocument
from engine.language.giving import AwardPointsByAmountAction, IssueCouponAction, SetTierAction
from engine.language.predicates import Figure, Node, figures, prepare, together
from engine.language.triggers import AbsenceTrigger, BeforeExpiryTrigger, EventTrigger, ScheduleTrigger
from engine.values import Instant, Number, parse_instant, read_decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledRule:
    """One version of a rule, with everything parsed that deciding needs.

    Attributes:
        key: The rule's key.
        version: 1 for its first publication, and so on.
        document: What was published.
        digest: Digest of the document.
        trigger: Event name (`event:<name>`), or None for a rule of the clock.
        condition: The trigger's `where` and the rule's `if`, together, or None.
        leave: Compiled `where` of `exit`, or None.
        figures: What the rule reads of the member's history, by fact key.
        active_from: First instant in force, or None.
        active_until: First instant no longer in force, or None.
        absence: The trigger, if it is an absence.
        schedule: The trigger, if it is a schedule.
        before_expiry: The trigger, if it runs ahead of an end.
        waits: How long an absence must last, or how long before an end it is; None otherwise.
        per_member: Window of the limit per member, or None.
        spans: How long an action's effect lasts, or a wait takes, by index of the action.
        rates: Points per unit, by index of the action.
    """

    key: str
    version: int
    document: RuleDocument
    digest: str
    trigger: str | None
    condition: Node | None
    leave: Node | None
    figures: dict[str, Figure]
    active_from: Instant | None
    active_until: Instant | None
    absence: AbsenceTrigger | None = None
    schedule: ScheduleTrigger | None = None
    before_expiry: BeforeExpiryTrigger | None = None
    waits: Span | None = None
    per_member: Span | None = None
    spans: dict[int, Span] = field(default_factory=dict)
    rates: dict[int, Number] = field(default_factory=dict)


def compile_rule(document: RuleDocument, version: int, catalogue: Catalogue) -> CompiledRule:
    """Make a rule ready.

    Raises:
        InvalidRule: If the document has an error that `check` would have named.
    """
    when = document.when
    where = None
    trigger = None
    if isinstance(when, EventTrigger):
        trigger = when.event
        where = prepare(when.where, catalogue, "/when/where") if when.where is not None else None
    asked = prepare(document.if_, catalogue, "/if") if document.if_ is not None else None
    condition = together(where, asked, path="")
    leaving = document.exit.where if document.exit is not None else None
    active = document.active
    rates: dict[int, Number] = {}
    spans: dict[int, Span] = {}
    for at, action in enumerate(document.then):
        lasting = _lasting(action)
        if lasting is not None:
            spans[at] = lasting.span
        if isinstance(action, AwardPointsByAmountAction):
            rates[at] = read_decimal(action.points_per_unit) or 0
    return CompiledRule(
        key=document.key,
        version=version,
        document=document,
        digest=document.digest(),
        trigger=trigger,
        condition=condition,
        leave=prepare(leaving, catalogue, "/exit/where") if leaving is not None else None,
        figures=figures(condition),
        active_from=parse_instant(active.from_) if active is not None and active.from_ else None,
        active_until=parse_instant(active.until) if active is not None and active.until else None,
        absence=when if isinstance(when, AbsenceTrigger) else None,
        schedule=when if isinstance(when, ScheduleTrigger) else None,
        before_expiry=when if isinstance(when, BeforeExpiryTrigger) else None,
        waits=when.for_.span if isinstance(when, AbsenceTrigger | BeforeExpiryTrigger) else None,
        per_member=_window(document),
        spans=spans,
        rates=rates,
    )


def _window(document: RuleDocument) -> Span | None:
    per_member = document.limits.per_member if document.limits is not None else None
    return per_member.within.span if per_member is not None and per_member.within is not None else None


def _lasting(action: Action) -> Duration | None:
    if isinstance(action, AddTagAction):
        return action.expires_after
    if isinstance(action, IssueCouponAction):
        return action.valid_for
    if isinstance(action, SetTierAction):
        return action.lasts
    return action.for_ if isinstance(action, WaitAction) else None
