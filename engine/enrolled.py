"""Members who wait in rules: they leave, reach the goal, go on, or are sent on to another version."""

import msgspec

from engine.decision import Outcome, Result
from engine.gates import EACH_WAIT
from engine.language.compiled import CompiledRule
from engine.observing import Stimulus
from engine.outcomes import ended_wait, resumed, transferred
from engine.programme.contacting import dropped
from engine.programme.occasion import Occasion
from engine.running import Run
from engine.state import Enrolment, MemberState
from engine.waiting import Waiting


def going_on(run: Run, stimulus: Stimulus) -> list[tuple[Occasion, Outcome]]:
    """Let a member who waits leave, or reach the goal; return how rules go on that heard their event."""
    if stimulus.name not in run.index.awaited and not run.index.staying and not run.came:
        return []
    came, run.came = run.came, []
    step = len(run.steps) - 1
    asking = _waiting_by(run, stimulus)
    resuming: list[Enrolment] = []
    for wait in run.state.enrolments:
        rule = run.index.rules.version(wait.rule, wait.version)
        why = asking.left(rule, wait)
        if why:
            result: Result = "reached" if why == "goal" else "exited"
            held = dropped(run.state, wait, run.event, step)
            run.apply(ended_wait(wait, step, result, why, held), stimulus.lineage)
        elif wait in came or asking.came(rule, wait):
            resuming.append(wait)
    asked: list[tuple[Occasion, Outcome]] = []
    apart = EACH_WAIT in run.index.rules.gates
    for wait in resuming:
        rule = run.index.rules.version(wait.rule, wait.version)
        nth = sum(one.rule.key == wait.rule for one, _ in asked) if apart else 0
        occasion = run.occasion(rule, {}, stimulus, wait)._replace(nth=nth)
        asked.append((occasion, resumed(occasion, rule.journey.forks[wait.at][0], wait.number)))
    return asked


def over(run: Run, before: MemberState, stimulus: Stimulus) -> list[tuple[Occasion, Outcome]]:
    """Return how the rule goes on whose wait is over; not if the member has left it, or it was for the goal.

    Args:
        run: The pass.
        before: The member with the wait.
        stimulus: What the timer is to the rules.
    """
    told = run.event.properties
    called = (told["name"], told["mark"], told["due_at"])
    wait = next((one for one in before.enrolments if (one.rule, one.number, one.due_at) == called), None)
    if wait is None:  # its version was replaced, and the step is gone
        return []
    rule = run.index.rules.version(wait.rule, wait.version)
    stimulus = msgspec.structs.replace(stimulus, properties={})
    if wait.follows_goal:
        run.apply(ended_wait(wait, 0, "exited", "goal-missed", ending=False), ())
    elif not _waiting_by(run, stimulus).stays(rule):
        held = dropped(run.state, wait, run.event, 0)
        run.apply(ended_wait(wait, 0, "exited", "exit-condition", held, ending=False), ())
    else:
        occasion = run.occasion(rule, {}, stimulus, wait)
        return [(occasion, resumed(occasion, wait.resume))]
    return []


def transfer(run: Run) -> None:
    """Send on those who wait in versions that were replaced, or let them leave."""
    for wait in run.state.enrolments:
        sent = transferred(wait, run.event, run.index)
        if sent is not None:
            held = dropped(run.state, wait, run.event, 0) if sent.result == "exited" else sent.effects
            run.apply(msgspec.structs.replace(sent, effects=held), ())


def restart(run: Run, rule: CompiledRule) -> None:
    """End a member's waits in a rule that starts over."""
    for wait in run.state.enrolments:
        if wait.rule == rule.key:
            step = len(run.steps) - 1
            held = dropped(run.state, wait, run.event, step)
            run.apply(ended_wait(wait, step, "exited", "restarted", held), ())


def _waiting_by(run: Run, stimulus: Stimulus) -> Waiting:
    return Waiting(run.state, run.event, run.index, run.zone, stimulus)
