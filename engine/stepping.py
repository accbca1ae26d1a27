"""One step of a decision: what rules make of the entry, of a timer, or of an internal event."""

from engine.decision import Outcome
from engine.enrolled import going_on, over, restart
from engine.evaluate import evaluate
from engine.events import CONDITION_ENDED
from engine.index import LASTING
from engine.lookout import ended_while
from engine.observing import Stimulus
from engine.outcomes import afforded, counted, fired, notice
from engine.programme.contacting import released
from engine.programme.ends import ended
from engine.programme.occasion import Occasion
from engine.project import ENDS, consume
from engine.running import Run


def step(run: Run, stimulus: Stimulus) -> None:
    """Ask the rules of an event what they make of it, after those who wait for it; all read one snapshot."""
    if run.lookout is not None:
        run.look()
        if stimulus.name in LASTING:
            _lasting(run, stimulus)
            return
    rules = run.index.by_topic.get(stimulus.name, [])
    facts = run.told(run.index.reads(stimulus.name), stimulus, stimulus.before) if rules else {}
    run.note(stimulus, facts)
    asked = going_on(run, stimulus) if run.state.enrolments else []
    if not rules and not asked:
        return
    resuming = len(asked)
    won: dict[str, str] = {}
    for place in run.matching.match(stimulus.name, facts) if rules else ():
        standing = rules[place]
        if not standing.paused:
            occasion = run.occasion(standing.rule, facts, stimulus, won=won)
            outcome = fired(occasion, stimulus.lineage)
            group = standing.rule.exclusive_group
            if group is not None and outcome.result == "fired":
                won[group] = standing.rule.key
            asked.append((occasion, outcome))
    if resuming:
        asked.sort(key=lambda one: (one[0].rule.document.priority, one[0].rule.key))
    _carry_out(run, asked, stimulus.lineage)


def _lasting(run: Run, stimulus: Stimulus) -> None:
    """Run a `while` rule whose condition has become true, or end it."""
    key: str = stimulus.properties["rule"]
    standing = run.index.rules.standing.get(key)
    if standing is None:
        return
    facts = run.read(standing.rule, stimulus)
    run.note(stimulus, facts)
    occasion = run.occasion(standing.rule, facts, stimulus)
    if stimulus.name == CONDITION_ENDED:
        run.apply_all(ended_while(occasion), (*stimulus.lineage, key))
    elif key in run.state.standing and not standing.paused:
        _carry_out(run, [(occasion, fired(occasion, stimulus.lineage))], stimulus.lineage)


def _carry_out(run: Run, asked: list[tuple[Occasion, Outcome]], lineage: tuple[str, ...]) -> None:
    """Apply the outcomes of a step, in order; each as far as those before it leave enough."""
    for (occasion, _), outcome in zip(asked, counted(asked), strict=True):
        made = afforded(occasion, outcome, run.state, lacking=bool(run.needs))
        if made.result == "fired" and occasion.rule.document.re_entry == "restart":
            restart(run, occasion.rule)
        run.apply(made, (*lineage, occasion.rule.key))


def timer(run: Run) -> None:
    """Let what the entry's timer stands for happen."""
    kind, name = run.event.properties["timer"], run.event.properties["name"]
    before = run.state
    run.state, heard = consume(run.state, run.event, run.index)
    if run.lookout is not None:
        run.lookout.consumed(before, run.state)
        run.look()
    stimulus = Stimulus(run.event.name, notice(before, run.event, run.index), (), before.past)
    if kind in ENDS or kind in {"wait", "tag", "tags", "standing"}:
        run.note(stimulus, {})
    if kind in ENDS:
        run.apply(ended(before, run.event, run.index, run.zone), ())
        run.standing = len(run.outcomes)
    elif kind == "wait":
        _carry_out(run, over(run, before, stimulus), ())
    elif kind == "message":
        run.note(stimulus, {})
        run.apply(released(before, run.event), (name,))
    elif kind in {"tag", "tags"}:
        run.enqueue(heard, ())
    elif kind == "standing":
        run.standing = len(run.outcomes)
    else:
        standing = run.index.rules.standing[name]
        facts = run.read(standing.rule, stimulus)
        run.note(stimulus, facts)
        if evaluate(standing.rule.condition, facts):
            occasion = run.occasion(standing.rule, facts, stimulus)
            _carry_out(run, [(occasion, fired(occasion, ()))], ())
