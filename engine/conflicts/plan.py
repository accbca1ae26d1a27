"""What a witness's life is to be: wished facts, and the entries that bring them about."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal, NamedTuple

from engine.counterfactual import Change
from engine.language.compiled import CompiledRule
from engine.language.predicates import Figure
from engine.values import MISSING, Instant, MaybeValue

How = Literal["event", "change", "clock"]


class Meeting(NamedTuple):
    """How rules may come together.

    Attributes:
        how: `event`: by one that is told; `change`: by what becomes true of the member (segments and
            `while` rules), with an event or without; `clock`: by the clock of the first rule.
        event: Name of the event; empty for none.
        order: Places of the rules in the order in which they are asked.
        follows: Whether each rule after the first is set off by what the one before it does.
    """

    how: How
    event: str
    order: tuple[int, ...]
    follows: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What is wished of a member at an instant.

    Attributes:
        meeting: How the rules come together.
        rules: The rules, in the order in which they are asked.
        at: When what is told is told.
        moment: When the facts are read; later than `at` only for a clock that runs ahead of an end.
        facts: What is wished of a fact, by path; MISSING for nothing.
        lists: What is wished of the elements of a list, by path and element.
        figures: Figures over the history, by key, with what is wished of each.
    """

    meeting: Meeting
    rules: Sequence[CompiledRule]
    at: Instant
    moment: Instant
    facts: Mapping[str, MaybeValue] = field(default_factory=dict)
    lists: Mapping[str, Mapping[str, bool]] = field(default_factory=dict)
    figures: Mapping[str, tuple[Figure, MaybeValue]] = field(default_factory=dict)

    def changed(self, changes: Iterable[Change], figures: Mapping[str, Figure]) -> "Plan":
        """Return the plan with some facts wished to be others."""
        facts, counted = dict(self.facts), dict(self.figures)
        lists = {path: dict(said) for path, said in self.lists.items()}
        for one in changes:
            if one.fact in figures:
                counted[one.fact] = (figures[one.fact], one.after)
            elif isinstance(one.after, list):
                before = one.before if isinstance(one.before, list) else []
                said = lists.setdefault(one.fact, {})
                said.update((str(element), True) for element in one.after if element not in before)
                said.update((str(element), False) for element in before if element not in one.after)
            elif isinstance(one.before, list):
                lists[one.fact] = dict.fromkeys(map(str, one.before), False)
            else:
                facts[one.fact] = one.after
        return replace(self, facts=facts, lists=lists, figures=counted)

    def told(self, scope: str) -> dict[str, MaybeValue]:
        """Return what is wished of the facts of a scope, by their names in it; nothing of what is missing."""
        found = {path: value for path, value in self.facts.items() if value is not MISSING}
        found |= {path: [one for one, on in said.items() if on] for path, said in self.lists.items()}
        return {
            path.removeprefix(scope): value for path, value in sorted(found.items()) if path.startswith(scope)
        }


OWN: Final = "witness"
"""The reason that is given for what a person does by hand in a witness's life."""
