"""What only the host can supply to a decision: coupon codes and firings in all."""

from typing import Any

from api.store.connection import Connection
from api.store.grants import TotalGrants, new_code
from engine.decision import Decision, Need


class Supply:
    """Supplies the decisions of one transaction, one after the other.

    Called with a need it gives a code as text, or one of a rule's firings in
    all: True, or False once they are used up.
    """

    def __init__(self, connection: Connection, totals: TotalGrants) -> None:
        """Supply inside a transaction.

        Args:
            connection: The transaction; if it is undone, so is what it was given.
            totals: Counts the firings of rules.
        """
        self._connection = connection
        self._totals = totals
        self._taken: dict[str, Need] = {}

    def __call__(self, need: Need) -> Any:
        """Supply a need of the decision that is being made."""
        if need.kind == "code":
            return new_code()
        granted = self._totals.grant(self._connection, need.name, need.limit)
        if granted:
            self._taken[need.key] = need
        return granted

    def keep(self, decision: Decision) -> None:
        """Let a decision have the firings that it used; those it was given in vain go back."""
        if self._taken and not decision.refused:
            self._taken = {key: need for key, need in self._taken.items() if key not in decision.grants}
        self.give_back()

    def give_back(self) -> None:
        """Take the firings back that the decision got so far; none came of it."""
        for need in self._taken.values():
            self._totals.give_back(self._connection, need.name)
        self._taken = {}
