"""What should happen on an entry of the log, and why.

`decide` is pure: the same state, entry, rules and grants give the same
decision, on any machine and in any year. Rules of one step read one snapshot
of facts; their effects apply in order of priority and key; the internal events
that follow are the next steps, first in, first out (ruling 7).
"""

from collections.abc import Callable, Mapping
from typing import Any

from engine.decision import Decision, Need, Outcome, body, link
from engine.enrolled import transfer
from engine.evaluating import Decided, Evaluating, Matching
from engine.events import LINEAGE, ORDER_COMPLETED, TOLD_BY_MEMBER, Event
from engine.index import Index
from engine.observing import Stimulus, joined
from engine.outcomes import ended_wait, of_request
from engine.programme.contacting import dropped
from engine.programme.ends import RETURNS, erasure, merged, returned, ripe, risen, settled_orders
from engine.programme.netting import united
from engine.programme.waits import waits
from engine.project import apply, consume
from engine.running import Run
from engine.state import MemberState, changed
from engine.stepping import step, timer

__all__ = ["MAX_DEPTH", "MAX_STEPS", "Decided", "Evaluating", "Matching", "decide", "fold", "fold_unlogged"]

MAX_DEPTH = 8
MAX_STEPS = 100


def decide(
    state: MemberState,
    event: Event,
    index: Index,
    matching: Matching,
    grants: Mapping[str, Any] | None = None,
    absorbed: MemberState | None = None,
) -> Decision:
    """Decide one entry.

    Args:
        state: The member before it.
        event: The next entry of the member's log.
        index: The rules in force.
        matching: Which rules are true of some facts.
        grants: What the host has supplied, by need.
        absorbed: The member that ends by a merge, at the end of its log; None for other entries.

    Returns:
        The decision. While it has `needs`, supply them and decide again.

    Raises:
        StateMismatch: If the entry doesn't follow the state.
    """
    return _decision(Run(state, event, index, matching, grants or {}, absorbed))


def fold(
    state: MemberState,
    event: Event,
    index: Index,
    matching: Matching,
    supply: Callable[[Need], Any],
    content: str = "",
    absorbed: MemberState | None = None,
    *,
    known: Mapping[str, Any] | None = None,
) -> Decided:
    """Decide one entry, with the host supplying what is lacking, and fold it in.

    Args:
        state: The member before it.
        event: The next entry of the member's log.
        index: The rules in force.
        matching: Which rules are true of some facts.
        supply: Called once for each need; what it returns is recorded.
        content: Digest of what the sender sent; empty for a timer.
        absorbed: The member that ends by a merge, at the end of its log; None for other entries.
        known: What was granted when it was decided before, by need, so that once is enough.

    Raises:
        StateMismatch: If the entry doesn't follow the state, or a merge the log that it ends.
        Overflow: If a merge would make an account exceed 2^53.
    """
    grants: dict[str, Any] = {**known} if known else {}
    while True:
        run = Run(state, event, index, matching, grants, absorbed)
        decision = _decision(run)
        if not decision.needs:
            break
        grants |= {need.key: supply(need) for need in decision.needs}
    decided = body(decision)
    digest = link(state.chain, event, content, decided)
    return Decided(decision, decided, digest, changed(run.state, chain=digest), run.records)


def fold_unlogged(
    state: MemberState,
    event: Event,
    index: Index,
    matching: Matching,
    supply: Callable[[Need], Any],
    absorbed: MemberState | None = None,
) -> tuple[Decision, MemberState]:
    """Decide an entry that no log will hold, and fold it in: what `fold` does, without bytes and chain.

    The arguments are those of `fold`.

    Raises:
        StateMismatch: If the entry doesn't follow the state, or a merge the log that it ends.
        Overflow: If a merge would make an account exceed 2^53.
    """
    grants: dict[str, Any] = {}
    while True:
        run = Run(state, event, index, matching, grants, absorbed)
        decision = _decision(run)
        if not decision.needs:
            return decision, run.state
        grants |= {need.key: supply(need) for need in decision.needs}


def _decision(run: Run) -> Decision:
    """Return the decision of the entry."""
    if run.index.rules.transfers and run.state.enrolments and run.event.mode != "facts-only":
        transfer(run)
    observed, run.sent = run.state, len(run.outcomes)
    refused = ""
    if run.absorbed is not None:
        _merge(run, run.absorbed)
    if run.event.kind == "erase":
        run.quietly(erasure(run.event))
        run.answer = {"status": "erased", "member": run.state.member}
    elif run.event.mode != "facts-only":
        if run.lookout is not None:
            run.apply_all(run.lookout.caught_up())
        refused = _chain(run)
    outcomes = tuple(run.outcomes)
    if refused:
        outcomes = _cut(run, observed, refused)
    if run.lookout is not None:
        run.state = run.lookout.settled(run.state)
    return Decision(
        member=run.event.member,
        sequence=run.event.member_sequence,
        as_of=run.event.as_of,
        revision=run.index.rules.revision,
        gates=run.index.rules.gates,
        steps=tuple(run.steps),
        outcomes=outcomes,
        grants=run.used,
        needs=tuple(run.needs),
        refused=refused,
        answer=run.answer,
    )


def _cut(run: Run, observed: MemberState, refused: str) -> tuple[Outcome, ...]:
    """Undo a chain that was cut; what the entry itself led to, before any rule, stands."""
    stands = run.outcomes[: max(run.sent, run.standing)]
    undone = [one for one in run.outcomes[len(stands) :] if one.effects]
    run.state = consume(observed, run.event, run.index)[0] if run.event.kind == "timer" else observed
    run.records = []
    if run.lookout is not None:
        run.lookout.cut()
    for one in stands[run.sent :]:
        run.state, _, records = apply(run.state, one, run.index, run.event, run.absorbed)
        run.records += records
    return (
        *stands,
        *(
            Outcome(step=one.step, rule=one.rule, version=one.version, result="refused", reason=refused)
            for one in undone
        ),
    )


def _merge(run: Run, theirs: MemberState) -> None:
    """Make another member a part of this one, before any rule is asked; no rule hears of it."""
    event, index = run.event, run.index
    past, _ = united(run.before, theirs, index)
    two = waits(run.state, theirs, index)
    run.came = two.came
    run.quietly(merged(event, theirs.member, two.ended))
    for one in two.left:
        held = dropped(one.whose, one.was, event, 0)
        if held:
            run.quietly(ended_wait(one.was, 0, "exited", "merged", held, ending=False))
    shared = [key for key in run.before.books.orders if key in theirs.books.orders]
    undone = settled_orders(run.state, event, index, shared)
    if undone is not None:
        run.quietly(undone)
    moved = risen(run.state, event, index, 0, run.zone) if index.rules.ladders else None
    if moved is not None:
        run.quietly(moved)
    run.before = changed(run.before, past=past)
    run.answer = {"status": "merged", "member": run.state.member, "absorbed": theirs.member}


def _chain(run: Run) -> str:
    """Run the steps until nothing follows; return why the chain was cut, or nothing."""
    if run.event.kind == "timer":
        timer(run)
    else:
        if run.before.joined_at is None:
            run.state, internal = joined(run.state, run.event, run.index)
            run.enqueue([internal], ())
        ended_now = ripe(run.state, run.event) if run.state.books.accounts else None
        if ended_now is not None:
            run.apply(ended_now, ())
        if run.event.kind == "request" or run.event.name in RETURNS:
            _by_request(run)
        if run.lookout is not None:
            run.look()
        run.standing = len(run.outcomes)
        run.unsettled |= run.event.name in run.index.moving or run.event.name == ORDER_COMPLETED
        told = run.event.properties
        lineage = tuple(told.get(LINEAGE, ())) if run.event.source == TOLD_BY_MEMBER else ()
        step(run, Stimulus(run.event.name, told, lineage, run.before.past))
    while run.queue or (run.unsettled and _settled(run)) or (run.lookout and run.look()):
        if not run.queue:
            continue
        stimulus = run.queue.popleft()
        if len(stimulus.lineage) > MAX_DEPTH:
            return "chain-too-deep"
        if len(run.steps) >= MAX_STEPS:
            return "chain-too-long"
        step(run, stimulus)
    return ""


def _by_request(run: Run) -> None:
    """Carry out what the entry itself asks for or takes back, before any rule is asked."""
    event = run.event
    if event.kind == "request":
        done, run.answer = of_request(run.state, event, run.index, run.grant)
        run.apply(done, ())
    elif event.kind == "track":
        undone = returned(run.state, run.before, event, run.index, 0)
        if undone is not None:
            run.apply(undone, ())


def _settled(run: Run) -> bool:
    """Take back what a late order owes and move the member up; return whether anything was done.

    It runs when nothing else follows, so that it sees all that the rules have given.
    """
    run.unsettled = False
    last = len(run.steps) - 1
    done = False
    if run.event.name == ORDER_COMPLETED and run.event.kind == "track":
        undone = returned(run.state, run.before, run.event, run.index, last)
        if undone is not None:
            run.apply(undone, ())
            done = True
    moved = risen(run.state, run.event, run.index, last, run.zone) if run.index.rules.ladders else None
    if moved is not None:
        run.apply(moved, ())
        done = True
    return done
