"""Explanations agree with an oracle that shares nothing with the engine; what they propose does help."""

from collections import Counter
from random import Random

import msgspec
import pytest

from api.service.recalling import Known
from api.service.why import came, supposing
from engine.checklist import Answer
from engine.counterfactual import changed_facts
from engine.decide import Evaluating, fold
from engine.decision import Need
from engine.evaluate import evaluate
from engine.events import Event, Kind
from engine.explanation import Explanation, answer_of, explanation
from engine.index import Index
from engine.rules import SETTLE, ControlName, Standing
from engine.state import MemberState, changed
from engine.timers import due, fired_event
from engine.trace import Trace
from engine.values import MICROSECONDS, Instant, MaybeValue, instant_text, parse_instant
from tests.support.life import Life, Programme
from tests.support.why_oracle import DAY, HOUR, Json, Oracle, Raw, Turn, Verdict

MINUTE = 60 * MICROSECONDS
START = parse_instant("2026-01-01T00:00:00Z")
END = 60 * DAY
ORDER, VIEW, TOLD = "Order Completed", "Product Viewed", "Member Identified"


class World:
    """A member under one rule, drawn from a seed; what the engine made of it, and what the oracle does."""

    def __init__(self, seed: int) -> None:
        choose = Random(seed)  # noqa: S311  a repeatable mix, no secret
        self.rule = drawn_rule(choose)
        self.turns = drawn_turns(choose)
        self.raw = drawn_events(choose, END)
        self.oracle = Oracle(self.rule, f"m{seed}", self.raw, self.turns, END)
        self.programme = Programme()
        self.life = Life(programme=self.programme, member=f"m{seed}", supply=self._granted)
        self._totals = 0
        self._live()

    def _granted(self, need: Need) -> bool:
        self._totals += 1
        return self._totals <= need.limit

    def _live(self) -> None:
        """Tell everything in order; a rule that nothing starts keeps all figures from the beginning."""
        life = self.life
        self.programme.publish(self.document() | {"key": "idle", "when": {"type": "event", "event": "Never"}})
        moments: list[Raw | Turn] = sorted([*self.raw, *self.turns], key=when)
        for one in moments:
            if isinstance(one, Turn):
                life.clock(instant(one.at), inclusive=True)
                self._turn(one)
            else:
                kind: Kind = "identify" if one.name == TOLD else "track"
                happened = text(one.occurred)
                life.track(text(one.recorded), one.name, occurred=happened, kind=kind, **one.told)
        life.until(text(END))
        self.states = [MemberState(member=life.state.member), *(one.state for _, one in life.decided)]

    def _turn(self, turn: Turn) -> None:
        if turn.what == "publish":
            self.programme.publish(self.document(), when=instant(turn.at))
        else:
            name: ControlName = "Rule Paused" if turn.what == "pause" else "Rule Resumed"
            self.programme.add(name, {"key": self.rule["key"]}, instant(turn.at))

    def document(self) -> Json:
        """The rule as it is published: its dates as instants."""
        active = {name: text(at) for name, at in self.rule.get("active", {}).items()}
        return self.rule | ({"active": active} if active else {})

    def known(self, at: Instant) -> Known:
        """The member, and the rules, at an instant."""
        place = sum(1 for event, _ in self.life.decided if event.as_of <= at)
        revision = sum(1 for one in self.programme.controls if one.at <= at)
        return Known(self.states[place], self.programme.indexes[revision])

    def explain(self, at: Instant) -> tuple[str, Known, Event | None, Explanation | None]:
        """What the product says: of an entry, or of a trigger that is supposed."""
        for place in range(len(self.life.decided), 0, -1):
            event, decided = self.life.decided[place - 1]
            index = self.programme.indexes[decided.decision.revision]
            standing = index.rules.standing.get(self.rule["key"])
            if event.as_of != at or standing is None or standing.paused:
                continue
            answer = answer_of(decided.decision, event, standing.rule)
            if answer is not None:
                known = Known(self.states[place - 1], index)
                return "entry", known, event, told_of(answer, event, known, standing)
        known = self.known(at)
        standing = known.index.rules.standing.get(self.rule["key"])
        if standing is None:
            return "supposed", known, None, None
        newest = self._newest(at)
        return "supposed", known, newest, supposing(known, standing, at, newest)

    def _newest(self, at: Instant) -> Event | None:
        if self.rule["when"]["type"] != "event":
            return None
        name = self.rule["when"]["event"]
        return next((e for e, _ in reversed(self.life.decided) if e.name == name and e.as_of <= at), None)


def told_of(answer: Answer, event: Event, known: Known, standing: Standing) -> Explanation:
    trigger = came(event, standing.rule)
    return explanation(answer, event, known.state, standing, known.index, trigger, supposed=False)


def when(one: Raw | Turn) -> int:
    return one.at if isinstance(one, Turn) else one.recorded


def instant(minutes: int) -> Instant:
    return START + minutes * MINUTE


def text(minutes: int) -> str:
    return instant_text(instant(minutes))


def drawn_condition(choose: Random, *, event: bool, depth: int = 1) -> Json:
    what = choose.random()
    if depth and what < 0.4:
        parts = [drawn_condition(choose, event=event, depth=0) for _ in range(choose.randint(1, 3))]
        return {"type": choose.choice(["all", "any", "not"]), "of": parts}
    if event and what < 0.7:
        value = choose.randint(1, 9) * 20
        return {"type": "compare", "fact": "event.total", "op": choose.choice(["gte", "lt"]), "value": value}
    if what < 0.8:
        op = choose.choice(["eq", "ne"])
        return {"type": "compare", "fact": "member.city", "op": op, "value": choose.choice("AB")}
    measure = choose.choice(["count", "sum"])
    asked = {
        "type": "history",
        "measure": measure,
        "event": choose.choice([ORDER, VIEW]) if measure == "count" else ORDER,
    }
    more = {"property": "total"} if measure == "sum" else {}
    window = {"within": {"days": choose.randint(3, 30)}} if choose.random() < 0.7 else {}
    bound = choose.randint(1, 5) * (80 if measure == "sum" else 1)
    return {**asked, **more, **window, "op": choose.choice(["gte", "lt"]), "value": bound}


def drawn_rule(choose: Random) -> Json:
    starts = choose.choices(["event", "absence", "schedule"], [6, 3, 1])[0]
    rule: Json = {"key": "r", "name": {"en": "R"}, "when": {"type": "event", "event": ORDER}}
    if starts == "absence":
        days = {"days": choose.randint(2, 12)}
        joining = {"or_joining": True} if choose.random() < 0.4 else {}
        rule["when"] = {"type": "absence", "event": choose.choice([ORDER, VIEW]), "for": days, **joining}
    elif starts == "schedule":
        rule["when"] = {"type": "schedule", "every": "day", "at": "09:00"}
    if choose.random() < 0.7:
        rule["if"] = drawn_condition(choose, event=starts == "event")
    steps: list[Json] = [{"type": "award_points", "points": 5}]
    if choose.random() < 0.4:
        steps = [{"type": "wait", "for": {"days": choose.randint(1, 9)}}, {"type": "add_tag", "tag": "t"}]
        policies = [None, "not_while_waiting", "once", "restart", "always"]
        rule |= {"re_entry": one} if (one := choose.choice(policies)) else {}
    elif choose.random() < 0.1:
        steps = [{"type": "spend_points", "points": 5}]
    rule["then"] = steps
    more = drawn_limits(choose, starts)
    if steps[0]["type"] == "spend_points":  # what was granted in vain goes back; here nothing does
        more.get("limits", {}).pop("total", None)
    return rule | {name: one for name, one in more.items() if one}


def drawn_limits(choose: Random, starts: str) -> Json:
    limits: Json = {}
    if choose.random() < 0.4:
        window = {"within": {"days": choose.randint(2, 30)}} if choose.random() < 0.8 else {}
        limits["per_member"] = {"times": choose.randint(1, 3), **window}
    if choose.random() < 0.2:
        limits["holdout_percent"] = 40
    if choose.random() < 0.15:
        limits["total"] = choose.randint(1, 3)
    found: Json = {"limits": limits} if limits else {}
    if choose.random() < 0.3:
        bounds = {"from": choose.randint(0, 40 * DAY), "until": choose.randint(20 * DAY, 60 * DAY)}
        kept = choose.choice([["from"], ["until"], ["from", "until"]])
        found["active"] = {name: bounds[name] for name in kept}
        if len(kept) > 1 and bounds["from"] >= bounds["until"]:
            found["active"] = {"from": bounds["until"], "until": bounds["from"] + 1}
    if starts == "event" and choose.random() < 0.4:
        found["late"] = choose.choice(
            [{"policy": "ignore"}, {"policy": "fire"}, {"policy": "fire_within", "within": {"days": 5}}]
        )
    return found


def drawn_turns(choose: Random) -> list[Turn]:
    """Published early or late, and paused for a while or not; a half minute is nobody's."""
    at = choose.choice([-1, -1, choose.randint(1, 30 * DAY)])
    turns = [Turn(at, "publish")]
    for what in ("pause", "resume", "pause")[: choose.choice([0, 0, 0, 0, 1, 2, 2, 3])]:
        at = max(at, 0) + choose.randint(1 * HOUR, 15 * DAY)
        turns.append(Turn(at, what))
    return turns


def drawn_events(choose: Random, end: int) -> list[Raw]:
    found = [Raw(0, 0, TOLD, {"city": "A"})]
    for at in sorted(choose.sample(range(1, end), choose.randint(6, 22))):
        name = choose.choices([ORDER, VIEW, TOLD], [6, 4, 1])[0]
        late = choose.randint(1 * HOUR, 9 * DAY) if choose.random() < 0.15 else 0
        said: dict[str, Json] = {
            ORDER: {"total": choose.randint(1, 200)},
            TOLD: {"city": choose.choice("AB")},
        }
        found.append(Raw(max(1, at - late) if name != TOLD else at, at, name, said.get(name, {})))
    return found


def drawn_instants(choose: Random, world: World) -> list[int]:
    """Minutes to ask about: those of entries, those beside them, and others."""
    entries = [(event.as_of - START) // MINUTE for event, _ in world.life.decided]
    asked = [one.at for one in world.oracle.asked] or entries
    near = [
        at + choose.choice([0, 0, 0, -1, 1])
        for at in [*choose.choices(asked, k=6), *choose.choices(entries, k=2)]
    ]
    return sorted({min(max(one, 0), END) for one in [*near, *(choose.randint(0, END) for _ in range(3))]})


def compare(seed: int, counts: Counter[str]) -> int:
    world = World(seed)
    asked = drawn_instants(Random(seed + 1), world)  # noqa: S311  a repeatable mix, no secret
    for at in asked:
        basis, known, event, told = world.explain(instant(at))
        wanted = world.oracle.verdict(at)
        found = (
            Verdict("supposed", False, False, "published", "not-published")
            if told is None
            else Verdict(basis, told.fires, told.would_fire, told.blocked_by, told.reason)
        )
        assert wanted == found, (seed, at, world.rule, world.turns, world.raw)
        counts[f"{found.basis} {found.reason or 'fires'}"] += 1
        if told is not None and told.remedy is not None:
            mended(world, known, instant(at), event, told, counts)
    return len(asked)


def mended(
    world: World, known: Known, at: Instant, event: Event | None, told: Explanation, counts: Counter[str]
) -> None:
    """Apply the smallest change, decide, and see that the reason is gone."""
    assert told.remedy is not None
    how, standing = told.remedy.how, known.index.rules.standing[world.rule["key"]]
    if how == "facts":
        if told.change is None:
            return
        gone = refacted(known, event, standing, told)
    elif how == "time" and told.remedy.at is not None:
        gone = later(known, told.remedy.at, standing, event, told)
    elif how == "event":
        gone = happened(known, at, standing, event, told)
    else:
        return
    assert gone, (how, told)
    counts[f"mended {told.reason}"] += 1


def refacted(known: Known, event: Event | None, standing: Standing, told: Explanation) -> bool:
    """Other facts: the condition is true of them, and they are told so, where one can tell them, and decided.

    Each fact stands for itself, so a sum that the event is in doesn't move with what is told of it.
    """
    condition, checked = standing.rule.condition, next(one for one in told.checks if one.kind == "condition")
    assert condition is not None
    assert checked.trace is not None
    assert told.change is not None
    facts = read_of(checked.trace)
    assert not evaluate(condition, facts)
    after = {one.fact: one.after for one in told.change.changes}
    summed = any(one.measure == "sum" for one in standing.rule.figures.values())
    if event is None or summed or any(one.startswith("figure.") for one in after):
        return evaluate(condition, changed_facts(facts, told.change.changes))
    said = {one.partition(".")[2]: value for one, value in after.items()}
    properties = event.properties | {one: said[one] for one in said if f"event.{one}" in after}
    attributes = known.state.attributes | {one: said[one] for one in said if f"member.{one}" in after}
    again = msgspec.structs.replace(event, properties=properties)
    state = changed(known.state, attributes=attributes)
    decision = fold(state, again, known.index, Evaluating(known.index), lambda _: True).decision
    answer = answer_of(decision, again, standing.rule)
    return answer is not None and answer.reason != "not-matched"


def read_of(trace: Trace) -> dict[str, MaybeValue]:
    """What a condition has read."""
    if trace.fact is not None:
        return {} if trace.missing else {trace.fact: trace.read}
    return {fact: value for part in trace.of for fact, value in read_of(part).items()}


def passed(state: MemberState, index: Index, until: Instant, *, but: str = "") -> MemberState:
    """The member at an instant, when nothing has happened but what was due."""
    while (pending := due(state, index)) and pending[0].ripe_at <= until:
        if pending[0].ripe_at == until and pending[0].kind == but:
            break
        fired = fired_event(state, pending[0], recorded_at=pending[0].ripe_at, mode="live")
        state = fold(state, fired, index, Evaluating(index), lambda _: False).state
    return state


def later(known: Known, until: Instant, standing: Standing, event: Event | None, told: Explanation) -> bool:
    """The same at a later instant: the reason is gone then; if nothing else is in the way, only then."""
    if told.blocked_by == "trigger":
        pending = due(passed(known.state, known.index, until - 1), known.index)
        return bool(pending) and (pending[0].ripe_at, pending[0].name) == (until, standing.rule.key)
    quiet = changed(known.state, consumed={})
    waits = [one for one in quiet.enrolments if one.due_at > until]
    then = changed(quiet, enrolments=waits, as_of=until)
    before = changed(
        quiet, enrolments=[one for one in quiet.enrolments if one.due_at >= until], as_of=until - 1
    )
    newest = event if event is not None and event.kind == "track" else None
    gone = supposing(Known(then, known.index), standing, until, newest)
    still = supposing(Known(before, known.index), standing, until - 1, newest)
    if not inner(gone):
        return inner(still) == told.reason
    return inner(gone) != told.reason


def inner(told: Explanation) -> str:
    """Why it wouldn't fire if its trigger came."""
    return next(
        (one.reason for one in told.checks if one.state == "fails" and one.kind not in {"trigger", "paused"}),
        "",
    )


def happened(known: Known, at: Instant, standing: Standing, event: Event | None, told: Explanation) -> bool:
    """The event happens: the rule is asked, and fires where all else holds; an absence is armed again."""
    assert told.remedy is not None
    entry = Event(
        source="s", message_id="x", kind="track", name=told.remedy.event, member=known.state.member,
        occurred_at=at, recorded_at=at, as_of=max(at, known.state.as_of),
        properties=dict(event.properties) if event is not None else {},
        member_sequence=known.state.sequence + 1,
    )  # fmt: skip
    decided = fold(known.state, entry, known.index, Evaluating(known.index), lambda _: True)
    if standing.rule.absence is not None:
        return any(one.name == standing.rule.key for one in due(decided.state, known.index, settle=SETTLE))
    answer = answer_of(decided.decision, entry, standing.rule)
    return answer is not None and (answer.result == "fired") == told.would_fire


def agree(worlds: int) -> tuple[int, Counter[str]]:
    counts: Counter[str] = Counter()
    return sum(compare(seed, counts) for seed in range(worlds)), counts


REASONS = (
    "entry fires", "entry not-matched", "entry per-member", "entry hold-out", "entry event-late",
    "entry already-enrolled", "entry entered-before", "entry not-yet-active", "entry no-longer-active",
    "entry total", "entry not-enough-points", "supposed paused", "supposed not-published",
    "supposed no-event", "supposed not-due", "supposed not-armed", "supposed told-already",
    "supposed before-publication", "mended not-matched", "mended per-member", "mended already-enrolled",
    "mended not-yet-active", "mended not-due", "mended no-event", "mended told-already",
)  # fmt: skip


def test_it_agrees_with_the_oracle() -> None:
    checked, counts = agree(240)

    assert checked >= 2_000
    assert not [one for one in REASONS if not counts[one]], counts


@pytest.mark.long
def test_it_agrees_with_the_oracle_at_length() -> None:
    checked, counts = agree(2_400)

    assert checked >= 20_000
    assert not [one for one in REASONS if counts[one] < 10], counts
