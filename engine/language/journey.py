"""The actions of a rule as one list, with where to go on after each.

Nested lists are laid out in the order in which they are written: a branch, its
`then`, its `else`, then what follows both. So an action is known by one number
wherever it stands, and a member who waits is at one number.
"""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeAlias

from engine.events import SEGMENT_ENTERED, SEGMENT_EXITED, TIMER_FIRED
from engine.language.actions import Action, BranchAction, WaitForAction
from engine.language.document import RuleDocument
from engine.language.starts import Trigger
from engine.language.steps import StopAction, WaitAction, WaitUntilAction
from engine.language.triggers import BeforeExpiryTrigger, EventTrigger
from engine.language.triggers_standing import EnteredTrigger, LeftTrigger

MAX_LEVELS: Final = 5
"""How deep lists of actions may stand in each other, the outermost included."""

MAX_ACTIONS: Final = 100
"""How many actions a rule may have in all."""

WAITS: Final = (WaitAction, WaitUntilAction, WaitForAction)
_NESTING: Final = (BranchAction, WaitForAction)
_Nest: TypeAlias = BranchAction | WaitForAction


@dataclass(frozen=True, slots=True)
class Journey:
    """A rule's actions, laid out.

    Attributes:
        actions: Every action, in the order in which they are written.
        pointers: JSON pointer of each in its document.
        follows: What comes after an action, by its index, where that isn't the next index.
        forks: First action of `then` and of `else`, by index of a branch or of a wait for an event.
        straight: For a rule without nested lists: the indices to run, by the index to begin with,
            up to and with the next wait.
    """

    actions: tuple[Action, ...]
    pointers: tuple[str, ...]
    follows: dict[int, int] = field(default_factory=dict)
    forks: dict[int, tuple[int, int]] = field(default_factory=dict)
    straight: dict[int, range] = field(default_factory=dict)

    def after(self, at: int) -> int:
        """Return the index of what comes after an action; the number of actions at the end."""
        return self.follows.get(at, at + 1)


def lay_out(actions: Sequence[Action]) -> Journey:
    """Return a rule's actions as one list."""
    made = Journey(tuple(each(actions)), tuple(path for path, _ in located(actions, "/then")))
    end = len(made.actions)
    _lay(made, actions, 0, end)
    if not made.forks and not made.follows:
        starts = [0, *(at + 1 for at, one in enumerate(made.actions) if isinstance(one, WAITS))]
        stops = [*starts[1:], end]
        made.straight.update({start: range(start, stop) for start, stop in zip(starts, stops, strict=True)})
    return made


def found_again(old: Journey, new: Journey) -> dict[int, tuple[int, int]]:
    """Return where those who wait in one version wait in another: index of the wait, and of what follows it.

    A wait with a name is found by it, another by its place, if a wait of the same kind stands there. One
    that isn't found is left out.
    """
    named = {one.id: at for at, one in enumerate(new.actions) if isinstance(one, WAITS) and one.id}
    placed = {(path, type(new.actions[at])): at for at, path in enumerate(new.pointers)}
    found: dict[int, tuple[int, int]] = {}
    for at, action in enumerate(old.actions):
        if not isinstance(action, WAITS):
            continue
        here = named.get(action.id) if action.id else placed.get((old.pointers[at], type(action)))
        if here is not None:
            found[at] = (here, new.forks[here][1] if here in new.forks else new.after(here))
    return found


def _lay(made: Journey, actions: Sequence[Action], start: int, after: int) -> None:
    at = start
    for place, action in enumerate(actions):
        here, at = at, at + _size(action)
        follows = at if place < len(actions) - 1 else after
        if isinstance(action, StopAction):
            follows = len(made.actions)
        if follows != here + 1:
            made.follows[here] = follows
        if isinstance(action, _NESTING):
            then, otherwise = action.then or [], action.else_ or []
            second = here + 1 + sum(map(_size, then))
            made.forks[here] = (here + 1 if then else follows, second if otherwise else follows)
            _lay(made, then, here + 1, follows)
            _lay(made, otherwise, second, follows)


def _size(action: Action) -> int:
    return sum(1 for _ in each([action]))


def inner(action: Action) -> list[tuple[str, list[Action]]]:
    """Return the lists that stand in an action, with their names."""
    if not isinstance(action, _NESTING):
        return []
    return [("then", action.then or []), ("else", action.else_ or [])]


def located(actions: Sequence[Action], path: str) -> Iterator[tuple[str, Action]]:
    """Yield every action with its JSON pointer, those of nested lists after the one they stand in."""
    for place, action in enumerate(actions):
        here = f"{path}/{place}"
        yield here, action
        for name, nested in inner(action):
            yield from located(nested, f"{here}/{name}")


def each(actions: Sequence[Action]) -> Iterator[Action]:
    """Yield every action, those of nested lists after the one they stand in."""
    for _, action in located(actions, ""):
        yield action


def levels(actions: Sequence[Action]) -> int:
    """Return how deep lists of actions stand in each other."""
    return 1 + max((levels(nested) for one in actions for _, nested in inner(one) if nested), default=0)


class Placed(NamedTuple):
    """An action where it stands.

    Attributes:
        action: The action.
        path: JSON pointer of it.
        waited: Whether a wait may have come before it.
        event: Name of the event whose properties can be read there, as `started_by` gives it.
    """

    action: Action
    path: str
    waited: bool
    event: str | None


_Known: TypeAlias = tuple[bool, str | None]


def placed(document: RuleDocument) -> Iterator[Placed]:
    """Yield every action where it stands, in the order in which they are written."""
    yield from _placed(document.then, "/then", (False, started_by(document.when)))


def _placed(actions: Sequence[Action], path: str, known: _Known) -> Generator[Placed, None, _Known]:
    for place, action in enumerate(actions):
        here = f"{path}/{place}"
        yield Placed(action, here, *known)
        if isinstance(action, WaitAction | WaitUntilAction):
            known = (True, None)
        elif isinstance(action, _NESTING):
            known = yield from _forked(action, here, known)
    return known


def _forked(action: _Nest, path: str, known: _Known) -> Generator[Placed, None, _Known]:
    """Yield the actions of both ways; return what is known where they come together again."""
    came, missed = known, known
    if isinstance(action, WaitForAction):
        came, missed = (True, action.event), (True, None)
    one = yield from _placed(action.then or [], f"{path}/then", came)
    other = yield from _placed(action.else_ or [], f"{path}/else", missed)
    return one[0] or other[0], one[1] if one[1] == other[1] else None


def started_by(when: Trigger) -> str | None:
    """Return the name of the event that starts a rule; None for a clock that tells nothing of itself.

    A timer ahead of an end, which tells how much ends and when, is `TIMER_FIRED`.
    """
    if isinstance(when, EventTrigger):
        return when.event
    if isinstance(when, EnteredTrigger):
        return SEGMENT_ENTERED
    if isinstance(when, LeftTrigger):
        return SEGMENT_EXITED
    return TIMER_FIRED if isinstance(when, BeforeExpiryTrigger) else None
