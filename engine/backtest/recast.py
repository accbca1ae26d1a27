"""The rule sets of a back-test: those that were in force, with some rules replaced from an instant on.

The log names the revision that each entry was decided under. Up to the beginning of the range these are
the rule sets as they were. Behind it come the changes that the back-test makes, as control entries at
that very instant, and then what was changed later for everybody, as far as it still counts.
"""

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, Literal, NamedTuple

import msgspec

from engine.enacting import fold
from engine.evaluating import Matching
from engine.index import Index
from engine.language.document import RuleDocument
from engine.rules import Control, RuleSet
from engine.values import Instant

Others = Literal["as_they_were", "as_they_are", "none"]
_KEPT: Final = 64
_OF_RULES: Final = frozenset(("Rule Published", "Rule Paused", "Rule Resumed"))


class Change(NamedTuple):
    """What a back-test puts in the place of what was published.

    Attributes:
        at: The instant from which on it is in force.
        drafts: Rules that are published then, in the place of those of the same keys.
        without: Keys of rules that are paused then.
        others: What holds of all other rules: `as_they_were` at each time, `as_they_are` now from the
            beginning, or `none`.
        defined: Definitions of today as JSON data: what the log defines only later is defined by them
            from the beginning. None if everything was defined already.
    """

    at: Instant
    drafts: tuple[RuleDocument, ...] = ()
    without: frozenset[str] = frozenset()
    others: Others = "as_they_were"
    defined: Mapping[str, Any] | None = None


class _Chain(NamedTuple):
    """The rule sets behind one recorded revision, in order.

    Attributes:
        revisions: Recorded revision from which on each holds.
        since: When it came into force.
        rules: The rule sets; the first is that of the change itself.
        turns: Places in it at which clocks may run otherwise than before.
    """

    revisions: list[int]
    since: list[Instant]
    rules: list[RuleSet]
    turns: list[int]


class Recast:
    """Gives the rules of a back-test by the revision that an entry was recorded under.

    Members of an import were decided under rules that came into force long after the instants they
    were decided at. So the change stands, for each member, behind the last revision that anything
    before the range was decided under: the member's `family`.

    Attributes:
        first: The newest revision at the beginning of the range.
    """

    def __init__(
        self,
        controls: Sequence[Control],
        change: Change,
        recorded: Callable[[int], tuple[Index, Matching]],
        matching: Callable[[Index], Matching],
    ) -> None:
        """Make ready.

        Args:
            controls: All control entries of the log.
            change: What the back-test changes.
            recorded: The rules as they were, by revision, with their matching.
            matching: Makes a matching of rules.
        """
        self._controls = controls
        self._change = change
        self._recorded = recorded
        self._matching = matching
        self._at = [one.at for one in controls]
        self._chains: dict[int, _Chain] = {}
        self._made: OrderedDict[tuple[int, int], tuple[Index, Matching]] = OrderedDict()
        self.first = self.revision_at(change.at)
        newest = recorded(len(controls))[0].rules
        last = self._chain(self.first).rules[-1]
        reach = {key: max(last.windowed.get(key, 0), far) for key, far in newest.windowed.items()}
        self._widest = Index(
            replace(
                last,
                series={**newest.series, **last.series},
                windowed={**last.windowed, **reach},
            )
        )

    @property
    def tracked(self) -> str:
        """Identity of the figures that states hold here, before the range and in it."""
        return self._widest.tracked

    def revision_at(self, instant: Instant) -> int:
        """Return the recorded revision that was the newest at an instant, by our clock."""
        return bisect_right(self._at, instant)

    def recorded(self, revision: int) -> tuple[Index, Matching]:
        """Return the rules as they were at a revision, keeping all the figures that are read later."""
        index, matching = self._recorded(revision)
        return index.tracking(self._widest), matching

    def under(self, family: int, revision: int) -> tuple[Index, Matching]:
        """Return the rules for an entry of the range, with their matching.

        Args:
            family: Revision that the change stands behind for the member.
            revision: Revision that the entry was recorded under.
        """
        chain = self._chain(family)
        place = bisect_right(chain.revisions, max(revision, family)) - 1
        known = self._made.get((family, place))
        if known is None:
            index = Index(chain.rules[place]).tracking(self._widest)
            known = self._made[family, place] = index, self._matching(index)
            if len(self._made) > _KEPT:
                self._made.popitem(last=False)
        return known

    def turn(self, family: int, revision: int) -> tuple[Instant, int] | None:
        """Return when clocks may next run otherwise, and from which recorded revision on; None if never.

        Args:
            family: Revision that the change stands behind for the member.
            revision: Recorded revision that the member has come to.
        """
        chain = self._chain(family)
        place = bisect_right(chain.revisions, max(revision, family)) - 1
        behind = bisect_right(chain.turns, place)
        if behind == len(chain.turns):
            return None
        turn = chain.turns[behind]
        return chain.since[turn], chain.revisions[turn]

    def _chain(self, family: int) -> _Chain:
        known = self._chains.get(family)
        if known is None:
            known = self._chains[family] = self._fold(family)
        return known

    def _fold(self, family: int) -> _Chain:
        change = self._change
        before = self._recorded(family)[0].rules
        made = self._changes(before)
        rules = [fold(made, before)]
        chain = _Chain([family], [change.at], rules, [])
        for control in self._controls[family:]:
            if not self._still_counts(control):
                continue
            body = self._completed(control.body) if control.name == "Definitions Changed" else control.body
            shifted = msgspec.structs.replace(control, revision=control.revision + len(made), body=body)
            rules.append(fold([shifted], rules[-1]))
            chain.revisions.append(control.revision)
            chain.since.append(control.at)
            if not _same_clocks(rules[-2], rules[-1]):
                chain.turns.append(len(rules) - 1)
        return chain

    def _changes(self, before: RuleSet) -> list[Control]:
        """Return what the back-test changes as control entries behind a rule set."""
        change = self._change
        bodies: list[tuple[Any, dict[str, Any]]] = []
        if change.defined is not None:
            said = before.catalogue.definitions.model_dump(mode="json", by_alias=True, exclude_none=True)
            bodies.append(("Definitions Changed", self._completed({"definitions": said})))
        drafts = {one.key for one in change.drafts}
        left_out = [
            key
            for key in before.standing
            if key not in drafts and (key in change.without or change.others != "as_they_were")
        ]
        documents = list(change.drafts)
        if change.others == "as_they_are":
            now = self._recorded(len(self._controls))[0].rules
            documents += [
                one.rule.published
                for key, one in now.standing.items()
                if not one.paused and key not in drafts and key not in change.without
            ]
            left_out = [key for key in left_out if all(one.key != key for one in documents)]
        bodies += [("Rule Paused", {"key": key}) for key in left_out]
        bodies += [("Rule Published", self._published(one)) for one in documents]
        return [
            Control(revision=before.revision + place, name=name, at=change.at, by="", body=body)
            for place, (name, body) in enumerate(bodies, start=1)
        ]

    def _published(self, document: RuleDocument) -> dict[str, Any]:
        known = [
            int(one.body["version"])
            for one in self._controls
            if one.name == "Rule Published" and one.body["document"]["key"] == document.key
        ]
        version = max(known, default=0) + 1
        return {"document": document.plain(), "version": version, "past": "skip", "spread_seconds": 0}

    def _still_counts(self, control: Control) -> bool:
        """Return whether something that was changed for everybody in the range still holds."""
        if control.name not in _OF_RULES:
            return True
        if self._change.others != "as_they_were":
            return False
        body = control.body
        key = body["document"]["key"] if control.name == "Rule Published" else body["key"]
        return key not in self._change.without and all(one.key != key for one in self._change.drafts)

    def _completed(self, body: dict[str, Any]) -> dict[str, Any]:
        """Return definitions with what is defined only later added."""
        if self._change.defined is None:
            return body
        then, found = body["definitions"], dict(body["definitions"])
        for part, items in self._change.defined.items():
            if not isinstance(items, list):
                found.setdefault(part, items)
                continue
            known = [_name(one) for one in then.get(part, [])]
            found[part] = [*then.get(part, []), *(one for one in items if _name(one) not in known)]
        return {**body, "definitions": found}


def _name(item: Mapping[str, Any]) -> Any:
    return item.get("key", item.get("name", item.get("channel")))


def _same_clocks(before: RuleSet, after: RuleSet) -> bool:
    """Return whether whatever falls due for a member falls due at the same instants under both."""
    return (
        before.watched_revision == after.watched_revision
        and before.moved_at == after.moved_at
        and before.lunisolar is after.lunisolar
        and before.catalogue.programme == after.catalogue.programme
        and len(before.standing) == len(after.standing)
        and all(before.standing.get(key) is one for key, one in after.standing.items())
    )
