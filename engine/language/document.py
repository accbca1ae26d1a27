"""The rule document: what a marketer composes and what is stored as JSON."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from engine import canonical
from engine.language.actions import Action
from engine.language.base import Duration, EventName, Key, Part, about, labels, words
from engine.language.conditions import Condition
from engine.language.guide import Guide
from engine.language.starts import Trigger

MAX_DEPTH = 12

ReEntry = Literal["not_while_waiting", "restart", "always", "once"]
RuleKey = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]


class Exit(Part):
    """An event that ends the rule for a member who is waiting in it."""

    model_config = ConfigDict(
        json_schema_extra=about(
            words("Leave early", "提前退出"),
            sentence=words("stop at the next {event}[ where {where}]", "一旦{event}[（{where}）]即停止"),
            icon="exit",
        )
    )

    type: Literal["event"] = "event"
    event: EventName = Field(json_schema_extra=labels(words("Event", "事件"), source="events"))
    where: Condition | None = Field(default=None, json_schema_extra=labels(words("Only when", "仅限")))


class ExitWhile(Part):
    """A condition that a waiting member must go on meeting; it leaves when it no longer does.

    It is read at each event of a member who waits, and once more when a wait is over, so that no step
    is taken once it no longer holds.
    """

    model_config = ConfigDict(
        json_schema_extra=about(
            words("Only while", "仅当持续满足"),
            sentence=words("only while {while}", "仅在{while}期间继续"),
            icon="exit",
        )
    )

    type: Literal["condition"] = "condition"
    while_: Condition = Field(alias="while", json_schema_extra=labels(words("While", "持续满足")))


AnyExit = Annotated[Exit | ExitWhile, Field(discriminator="type")]


class Goal(Part):
    """The event that the rule is there for: it ends the rule for the member and counts as success.

    A member who has been through every action is followed until `within` has passed.
    """

    model_config = ConfigDict(
        json_schema_extra=about(
            words("Goal", "目标"),
            sentence=words(
                "the goal is {event}[ where {where}][ within {within}]",
                "目标是[{within}内]{event}[（{where}）]",
            ),
            icon="target",
        )
    )

    type: Literal["event"] = "event"
    event: EventName = Field(json_schema_extra=labels(words("Event", "事件"), source="events"))
    where: Condition | None = Field(default=None, json_schema_extra=labels(words("Only when", "仅限")))
    within: Duration | None = Field(
        default=None,
        json_schema_extra=labels(
            words("Within", "期限"), hint=words("Counted from the start of the rule", "从进入规则时算起")
        ),
    )


class PerMember(Part):
    """How often one member may be reached by this rule."""

    model_config = ConfigDict(
        json_schema_extra=about(
            words("Per member", "每位会员"),
            sentence=words(
                "at most {times}× per member[ in any {within}]", "每位会员[任意 {within}内]最多 {times} 次"
            ),
        )
    )

    times: int = Field(ge=1, le=1_000_000, json_schema_extra=labels(words("Times", "次数")))
    within: Duration | None = Field(default=None, json_schema_extra=labels(words("In any", "时间范围")))


class Limits(Part):
    """What holds a rule back."""

    model_config = ConfigDict(
        json_schema_extra=about(
            words("Limits", "限制"),
            sentence=words(
                "[{per_member}][; at most {total}× in all][; out of budget “{budget}”]"
                "[; only one rule of “{exclusive_group}” at a time]"
                "[; {holdout_percent}% of members are held out]",
                "[{per_member}][；总共最多 {total} 次][；计入预算“{budget}”]"
                "[；“{exclusive_group}”组同时只触发一条][；保留 {holdout_percent}% 作为对照组]",
            ),
            icon="shield",
        )
    )

    per_member: PerMember | None = Field(
        default=None, json_schema_extra=labels(words("Per member", "每位会员"))
    )
    total: int | None = Field(
        default=None, ge=1, le=1_000_000_000, json_schema_extra=labels(words("In all", "总次数"))
    )
    budget: Key | None = Field(
        default=None, json_schema_extra=labels(words("Budget", "预算"), source="budgets")
    )
    exclusive_group: Key | None = Field(
        default=None,
        json_schema_extra=labels(
            words("Exclusive group", "互斥组"),
            hint=words(
                "Of all rules that name the same group, only the first by priority fires at a time",
                "同组规则同时满足时，只触发优先级最高的一条",
            ),
        ),
    )
    holdout_percent: int | None = Field(
        default=None,
        ge=1,
        le=99,
        json_schema_extra=labels(
            words("Hold-out, %", "对照组 %"),
            hint=words(
                "These members are kept aside, to measure what the rule does", "这些会员不触达，用于衡量效果"
            ),
        ),
    )


class Late(Part):
    """What to do with an event that reaches us late (by default more than 72 hours)."""

    model_config = ConfigDict(json_schema_extra=about(words("Late events", "迟到事件")))

    policy: Literal["ignore", "fire", "fire_within"] = Field(
        default="ignore",
        json_schema_extra=labels(
            words("Late events", "迟到事件"),
            {
                "ignore": ("ignore late events", "忽略迟到事件"),
                "fire": ("fire on late events, too", "迟到事件照常触发"),
                "fire_within": ("fire on events up to this late", "迟到不超过以下时长仍触发"),
            },
        ),
    )
    within: Duration | None = Field(default=None, json_schema_extra=labels(words("Up to", "不超过")))


class Active(Part):
    """When the rule is in force, by the instant at which an event is decided."""

    model_config = ConfigDict(json_schema_extra=about(words("In force", "生效时间")))

    from_: str | None = Field(
        default=None, alias="from", json_schema_extra=labels(words("From", "开始"), widget="instant")
    )
    until: str | None = Field(
        default=None, json_schema_extra=labels(words("Until", "结束"), widget="instant")
    )


class Example(Part):
    """A story that the rule promises: events in, effects out. The tests assert it.

    Attributes:
        name: What the story shows.
        shows: Whether the rule fires in it, holds back, or stands at the exact instant or amount that
            divides the two; None if it doesn't say.
        with_: Keys of the rules that are in force beside this one; usually none.
        also: What is asserted, too: effects by `@till`, `@person`, `@clock`, `@refund`, `@tier`, `@merge`,
            `@segment` or `@broadcast`.
        given: Segment calls of one invented member, and requests (`"type": "request"`).
        until: RFC 3339 instant up to which the clock runs on, inclusive; None for the last event.
        expect: Every effect of this rule, in order, waits and branches left out: `at`, `type`, and
            what it names.
    """

    name: str = Field(min_length=1, max_length=200)
    shows: Literal["fires", "holds_back", "boundary"] | None = None
    with_: list[RuleKey] = Field(default=[], alias="with", max_length=20)
    also: list[
        Literal["@till", "@person", "@clock", "@refund", "@tier", "@merge", "@segment", "@broadcast"]
    ] = Field(default=[], max_length=6)
    given: list[dict[str, Any]] = Field(max_length=200)
    until: str | None = None
    expect: list[dict[str, Any]] = Field(max_length=200)


class RuleDocument(Part):
    """One rule, as composed: when, if, then, and what holds it back."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        json_schema_extra=about(
            words("Rule", "规则"),
            sentence=words(
                "{when}, [if {if}, then ]{then}[; {exit}][; {goal}][; {re_entry}][; {limits}]"
                "[; part of campaign “{campaign}”].",
                "{when}，[如果{if}，则]{then}[；{exit}][；{goal}][；{re_entry}][；{limits}]"
                "[；属于活动“{campaign}”]。",
            ),
        ),
    )

    language: Literal[1] = 1
    key: RuleKey = Field(json_schema_extra=labels(words("Key", "标识")))
    name: dict[Literal["en", "zh-Hans", "zh-Hant"], str] = Field(
        min_length=1, json_schema_extra=labels(words("Name", "名称"))
    )
    note: str | None = Field(default=None, max_length=2000, json_schema_extra=labels(words("Note", "备注")))
    when: Trigger
    if_: Condition | None = Field(default=None, alias="if")
    then: list[Action] = Field(
        max_length=50, json_schema_extra=labels(words("Then", "则"), joiner=words(", then ", "，然后"))
    )
    exit: AnyExit | None = None
    goal: Goal | None = None
    re_entry: ReEntry | None = Field(
        default=None,
        json_schema_extra=labels(
            words("Starting again", "再次进入"),
            {
                "not_while_waiting": (
                    "members start again once they are through",
                    "走完后可再次进入",
                ),
                "restart": ("members who are in it start over", "重新触发时从头开始"),
                "always": ("members may be in it several times at once", "可同时多次进入"),
                "once": ("each member is in it only once, ever", "每位会员只进入一次"),
            },
            unsaid="not_while_waiting",
        ),
    )
    limits: Limits | None = None
    active: Active | None = None
    campaign: Key | None = Field(
        default=None,
        json_schema_extra=labels(
            words("Campaign", "活动"),
            source="campaigns",
            hint=words(
                "Its dates, audience and budget hold for this rule, too",
                "活动的时间、人群和预算同样约束此规则",
            ),
        ),
    )
    priority: int = Field(
        default=50,
        ge=1,
        le=100,
        json_schema_extra=labels(words("Priority", "优先级"), hint=words("1 comes first", "1 最先")),
    )
    late: Late | None = None
    guide: Guide | None = None
    covers: list[str] = Field(default=[], max_length=20)
    examples: list[Example] = Field(default=[], max_length=50)

    def plain(self) -> dict[str, Any]:
        """Return the document as plain JSON data, without what isn't said."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=False)

    def canonical(self) -> bytes:
        """Return the canonical bytes that the digest is taken over."""
        return canonical.encode(self.plain())

    def digest(self) -> str:
        """Return the digest by which a published version is known."""
        return canonical.digest_bytes(self.canonical())
