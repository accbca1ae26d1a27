"""A rule version made ready to decide by."""

from dataclasses import dataclass, field, replace
from typing import Final

from engine.events import SEGMENT_ENTERED, SEGMENT_EXITED
from engine.language.actions import Action, AddTagAction, BranchAction, WaitForAction
from engine.language.awaited import awaited
from engine.language.base import Duration, Span
from engine.language.campaigns import CampaignDefinition
from engine.language.catalogue import Catalogue
from engine.language.days import AnniversaryTrigger, HolidayTrigger
from engine.language.document import Exit, ExitWhile, RuleDocument
from engine.language.giving import AwardPointsByAmountAction, IssueCouponAction, SetTierAction
from engine.language.journey import Journey, lay_out
from engine.language.moved import as_meant
from engine.language.operators import OPERATORS
from engine.language.predicates import Figure, Node, Test, figures, prepare, together
from engine.language.steps import WaitAction
from engine.language.triggers import AbsenceTrigger, BeforeExpiryTrigger, EventTrigger, ScheduleTrigger
from engine.language.triggers_standing import EnteredTrigger, LeftTrigger, WhileTrigger
from engine.values import Instant, Number, parse_instant, read_decimal

AUDIENCE: Final = "/campaign/audience"
"""JSON pointer under which a campaign's audience stands in the condition of its rules."""


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign made ready.

    Attributes:
        definition: What was defined.
        active_from: First instant in force, or None.
        active_until: First instant no longer in force, or None.
    """

    definition: CampaignDefinition
    active_from: Instant | None
    active_until: Instant | None


def compile_campaigns(catalogue: Catalogue) -> dict[str, Campaign]:
    """Return every campaign of a catalogue, made ready, by key."""
    return {
        key: Campaign(
            one,
            parse_instant(one.from_) if one.from_ else None,
            parse_instant(one.until) if one.until else None,
        )
        for key, one in catalogue.campaigns.items()
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledRule:
    """One version of a rule, with everything parsed that deciding needs.

    Attributes:
        key: The rule's key.
        version: 1 for its first publication, and so on.
        document: What was published, with tags that were merged since under their new names.
        published: What was published.
        digest: Digest of what was published.
        trigger: Event name (`event:<name>`), or None for a rule of the clock.
        own: The trigger's `where` and the rule's `if`, together, or None.
        condition: What must be true: `own`, and of whom its campaign is for; or None.
        leave: What the event of `exit` must satisfy, or None.
        stays: What a waiting member must go on meeting, or None.
        reached: What the event of `goal` must satisfy, or None.
        journey: The actions, laid out.
        tests: What a branch, or the event of a wait, must satisfy, by index of the action.
        figures: What the rule reads of the member's history to start, by fact key.
        later: What it reads of the history after it has started, by fact key.
        ends: What ends a wait in it, or lets it go on, as `awaited` names it.
        active_from: First instant in force, or None.
        active_until: First instant no longer in force, or None.
        absence: The trigger, if it is an absence.
        schedule: The trigger, if it is a schedule.
        anniversary: The trigger, if it is a day of the member's.
        holiday: The trigger, if it is a holiday.
        before_expiry: The trigger, if it runs ahead of an end.
        lasting: Whether the trigger is `while`: the condition itself is watched.
        waits: How long an absence must last, or how long before an end it is; None otherwise.
        per_member: Window of the limit per member, or None.
        exclusive_group: The group of which only the first rule fires at a time, or None.
        spans: How long an action's effect lasts, or a wait takes, by index of the action.
        rates: Points per unit, by index of the action.
    """

    key: str
    version: int
    document: RuleDocument
    published: RuleDocument
    digest: str
    trigger: str | None
    own: Node | None
    condition: Node | None
    leave: Node | None
    journey: Journey
    figures: dict[str, Figure]
    active_from: Instant | None
    active_until: Instant | None
    absence: AbsenceTrigger | None = None
    schedule: ScheduleTrigger | None = None
    anniversary: AnniversaryTrigger | None = None
    holiday: HolidayTrigger | None = None
    before_expiry: BeforeExpiryTrigger | None = None
    lasting: bool = False
    waits: Span | None = None
    per_member: Span | None = None
    exclusive_group: str | None = None
    stays: Node | None = None
    reached: Node | None = None
    tests: dict[int, Node] = field(default_factory=dict)
    later: dict[str, Figure] = field(default_factory=dict)
    ends: dict[str, Figure] = field(default_factory=dict)
    spans: dict[int, Span] = field(default_factory=dict)
    rates: dict[int, Number] = field(default_factory=dict)

    @property
    def measured(self) -> tuple[Figure, ...]:
        """Every figure over the history that it reads at any time."""
        return (*self.figures.values(), *self.later.values(), *self.ends.values())


def compile_rule(document: RuleDocument, version: int, catalogue: Catalogue) -> CompiledRule:
    """Make a rule ready.

    Raises:
        InvalidRule: If the document has an error that `check` would have named.
    """
    published, document = document, as_meant(document, catalogue.taxonomy.moved)
    when = document.when
    where: Node | None = None
    trigger = None
    if isinstance(when, EventTrigger):
        trigger = when.event
        where = prepare(when.where, catalogue, "/when/where") if when.where is not None else None
    elif isinstance(when, EnteredTrigger | LeftTrigger):
        trigger = SEGMENT_ENTERED if isinstance(when, EnteredTrigger) else SEGMENT_EXITED
        where = Test("event.segment", "text", OPERATORS["eq"], when.segment, "/when/segment")
    asked = prepare(document.if_, catalogue, "/if") if document.if_ is not None else None
    own = together(where, asked, path="")
    condition = _joined(own, document, catalogue)
    leaving = document.exit.where if isinstance(document.exit, Exit) else None
    staying = document.exit.while_ if isinstance(document.exit, ExitWhile) else None
    aim = document.goal.where if document.goal is not None else None
    stays = prepare(staying, catalogue, "/exit/while") if staying is not None else None
    leave = prepare(leaving, catalogue, "/exit/where") if leaving is not None else None
    reached = prepare(aim, catalogue, "/goal/where") if aim is not None else None
    journey = lay_out(document.then)
    tests = _tests(journey, catalogue)
    active = document.active
    rates: dict[int, Number] = {}
    spans: dict[int, Span] = {}
    for at, action in enumerate(journey.actions):
        lasting = _lasting(action)
        if lasting is not None:
            spans[at] = lasting.span
        if isinstance(action, AwardPointsByAmountAction):
            rates[at] = read_decimal(action.points_per_unit) or 0
    return CompiledRule(
        key=document.key,
        version=version,
        document=document,
        published=published,
        digest=published.digest(),
        trigger=trigger,
        own=own,
        condition=condition,
        leave=leave,
        stays=stays,
        reached=reached,
        journey=journey,
        tests=tests,
        figures=figures(condition),
        later={key: one for node in (stays, *tests.values()) for key, one in figures(node).items()},
        ends=awaited(document, journey, leave, reached, tests),
        active_from=parse_instant(active.from_) if active is not None and active.from_ else None,
        active_until=parse_instant(active.until) if active is not None and active.until else None,
        absence=when if isinstance(when, AbsenceTrigger) else None,
        schedule=when if isinstance(when, ScheduleTrigger) else None,
        anniversary=when if isinstance(when, AnniversaryTrigger) else None,
        holiday=when if isinstance(when, HolidayTrigger) else None,
        before_expiry=when if isinstance(when, BeforeExpiryTrigger) else None,
        lasting=isinstance(when, WhileTrigger),
        waits=when.for_.span if isinstance(when, AbsenceTrigger | BeforeExpiryTrigger) else None,
        per_member=_window(document),
        exclusive_group=document.limits.exclusive_group if document.limits is not None else None,
        spans=spans,
        rates=rates,
    )


def _tests(journey: Journey, catalogue: Catalogue) -> dict[int, Node]:
    """Return what branches and waits for events ask, by index of the action."""
    found: dict[int, Node] = {}
    for at, (action, path) in enumerate(zip(journey.actions, journey.pointers, strict=True)):
        if isinstance(action, BranchAction):
            found[at] = prepare(action.if_, catalogue, f"{path}/if")
        elif isinstance(action, WaitForAction) and action.where is not None:
            found[at] = prepare(action.where, catalogue, f"{path}/where")
    return found


def with_campaign(rule: CompiledRule, catalogue: Catalogue) -> CompiledRule:
    """Return a rule as the campaigns of a newer catalogue have it.

    Raises:
        InvalidRule: If the campaign's audience has an error that `definition_findings` would have named.
    """
    if rule.document.campaign is None:
        return rule
    condition = _joined(rule.own, rule.document, catalogue)
    return replace(rule, condition=condition, figures=figures(condition))


def _joined(own: Node | None, document: RuleDocument, catalogue: Catalogue) -> Node | None:
    """Return a rule's own condition together with its campaign's audience."""
    campaign = catalogue.campaigns.get(document.campaign) if document.campaign is not None else None
    if campaign is None or campaign.audience is None:
        return own
    return together(own, prepare(campaign.audience, catalogue, AUDIENCE), path="")


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
    if isinstance(action, WaitForAction):
        return action.timeout
    return action.for_ if isinstance(action, WaitAction) else None
