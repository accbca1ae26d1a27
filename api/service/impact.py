"""Whom a changed unit would concern, before it is changed (P5).

A lot keeps the end it was given: what members hold can't be changed under
their feet. A new policy holds for what is earned from then on.
"""

from typing import Any

from api.service.definitions import validated
from api.service.refusal import Finding, Refusal
from api.service.rulebook import Rulebook
from api.store import members
from api.store.database import Database
from engine.language.base import Text, words
from engine.language.benefits import UnitDefinition
from engine.values import instant_text

Json = dict[str, Any]
_KEPT: Text = words(
    "What members hold already keeps its end; the change holds for what is earned from then on.",
    "会员已持有的部分保持原到期时间，修改只对之后获得的部分生效。",
)


class Impact:
    """Counts whom a would-be definition concerns."""

    def __init__(self, database: Database, rulebook: Rulebook) -> None:
        """Make the use case of its parts."""
        self._database = database
        self._rulebook = rulebook

    def of_unit(self, key: str, said: object) -> Json:
        """Return what would change with a unit, and how many members hold lots of it.

        Args:
            key: Key of the unit.
            said: The would-be definition as JSON data.

        Returns:
            `changes` (each field with `before` and `after`), `members`, `lots` and `units` that are held
            or pending, how many of those units have no end (`without_end`), `first_end` and `last_end`
            of the others, and `existing`: that they keep their end, in words.

        Raises:
            Refusal: `not-found`, or `invalid-request`.
        """
        before = self._rulebook.index().rules.catalogue.units.get(key)
        if before is None:
            raise Refusal("not-found", "There is no such unit.")
        after = validated(UnitDefinition, said)
        if getattr(after, "key", None) != key:
            raise Refusal(
                "invalid-request", "See errors.", [Finding("/key", f"must be {key!r}, as in the address")]
            )
        old, new = before.model_dump(mode="json"), after.model_dump(mode="json")
        return {
            "unit": key,
            "changes": {
                field: {"before": old[field], "after": new[field]}
                for field in new
                if old[field] != new[field]
            },
            **self._holding(key),
            "existing": _KEPT,
        }

    def _holding(self, unit: str) -> Json:
        holders = lots = units = endless = 0
        ends: list[int] = []
        with self._database.read() as connection:
            for state in members.states(connection):
                held = [*state.books.account(unit).lots]
                held += [lot for one in state.books.holds.values() for name, lot in one.parts if name == unit]
                holders += bool(held)
                lots += len(held)
                units += sum(lot.left for lot in held)
                endless += sum(lot.left for lot in held if lot.expires_at is None)
                own = [lot.expires_at for lot in held if lot.expires_at is not None]
                if own:
                    ends = [min([*own, *ends]), max([*own, *ends])]
        return {
            "members": holders,
            "lots": lots,
            "units": units,
            "without_end": endless,
            "first_end": instant_text(ends[0]) if ends else None,
            "last_end": instant_text(ends[1]) if ends else None,
        }
