"""What only the host can supply to a decision: codes, parts of pots, claims and draws (ruling 12)."""

from dataclasses import dataclass
from typing import Any

from api.clock import Clock
from api.service.draws import Draws
from api.store import claims, identities, pool
from api.store.connection import Connection
from api.store.grants import Pots, new_code
from engine.decision import Decision, Need
from engine.programme.needs import in_vain, pot_of


@dataclass(frozen=True, slots=True)
class Sources:
    """Where everything that is supplied comes from.

    Attributes:
        pots: Totals, budgets and stock.
        draws: Numbers of wheels.
        clock: Our clock.
    """

    pots: Pots
    draws: Draws
    clock: Clock


class Supply:
    """Supplies the decisions of one transaction, one after the other.

    Called with a need it gives what `Need.kind` says; True or False for pots and claims.
    """

    def __init__(self, connection: Connection, sources: Sources) -> None:
        """Supply inside a transaction.

        Args:
            connection: The transaction; if it is undone, so is what it was given.
            sources: Where it comes from.
        """
        self._connection = connection
        self._sources = sources
        self._taken: dict[str, tuple[Need, Any]] = {}

    def __call__(self, need: Need) -> Any:
        """Supply a need of the decision that is being made."""
        granted = self._granted(need)
        if granted:
            self._taken[need.key] = need, granted
        return granted

    def _granted(self, need: Need) -> Any:
        connection = self._connection
        now = self._sources.clock.now()
        match need.kind:
            case "code":
                return (pool.take(connection, need.name) or False) if need.pool else new_code()
            case "once":
                return claims.claim(connection, need.name, need.key, now)
            case "member":
                return identities.member_of(connection, need.name) or False
            case "draw":
                return self._sources.draws.draw(connection, need.name, need.seed, now)
            case "total" | "budget" | "stock":
                return self._sources.pots.grant(connection, pot_of(need), need.limit, need.amount)

    def keep(self, decision: Decision) -> None:
        """Let a decision have what the rules that fired were granted; everything else goes back.

        A rule may be held back after it was granted something, and its chain may
        be cut; what it got in vain is recorded with the decision all the same.
        """
        if not self._taken:
            return
        vain = in_vain(decision, self._taken)
        self._taken = {key: taken for key, taken in self._taken.items() if key in vain}
        self.give_back()

    def give_back(self) -> None:
        """Take back everything that the decision got so far; nothing came of it."""
        for need, granted in self._taken.values():
            match need.kind:
                case "code" if need.pool:
                    pool.give_back(self._connection, granted)
                case "once":
                    claims.give_back(self._connection, need.name)
                case "total" | "budget" | "stock":
                    self._sources.pots.give_back(self._connection, pot_of(need), need.amount)
                case _:
                    pass
        self._taken = {}
