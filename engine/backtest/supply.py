"""What only a host can supply, told from the log and from a seed instead: nothing real is given out.

Pots are counted, codes and draws are made of the seed, so that a back-test has one result, whenever
and on however many processes it runs.
"""

import hashlib
import hmac
from collections.abc import Callable, MutableSet
from typing import Any, Final

import msgspec
import orjson

from engine.decision import Decision, Need
from engine.programme.needs import in_vain, pot_of

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_POTS: Final = frozenset(("total", "budget", "stock"))
_LENGTH: Final = 13


class Known(msgspec.Struct, frozen=True):
    """What the host tells of the log.

    Attributes:
        codes: Codes of a kind of coupon that a member really got in the range, in their order.
        pools: How many codes were ever imported of a kind of coupon.
        member_of: Key of the member who is known by an id, or None.
    """

    codes: Callable[[str, str], list[str]]
    pools: dict[str, int]
    member_of: Callable[[str], str | None]


class Demand(msgspec.Struct):
    """What members whose decisions were made apart from all others asked of what is common to all.

    Attributes:
        given: What each pot had given out at the beginning of the range.
        asked: What was asked of each pot since, whether it was used or not.
        limits: The least that each pot held in that time.
        told: Whether a member would have told another something.
    """

    given: dict[str, int] = {}
    asked: dict[str, int] = {}
    limits: dict[str, int] = {}
    told: bool = False

    def join(self, other: "Demand") -> None:
        """Add what other members asked."""
        for mine, theirs in ((self.given, other.given), (self.asked, other.asked)):
            for name, amount in theirs.items():
                mine[name] = mine.get(name, 0) + amount
        for name, limit in other.limits.items():
            self.limits[name] = min(limit, self.limits.get(name, limit))
        self.told |= other.told

    @property
    def binds(self) -> bool:
        """Whether some of it may have been refused, had all been decided together."""
        return self.told or any(
            self.given.get(name, 0) + amount > self.limits[name] for name, amount in self.asked.items()
        )


class Supply:
    """Supplies one entry after the other.

    Attributes:
        demand: What was asked of pots.
    """

    def __init__(self, seed: str, known: Known, claimed: MutableSet[str], *, together: bool) -> None:
        """Supply from a seed.

        Args:
            seed: What codes and draws are made of.
            known: What the host tells of the log.
            claimed: Names of claims, to which those of the decisions are added.
            together: Whether all members are decided here in the order of the log, so that pots have an end;
                otherwise they give whatever is asked, and `demand` tells how much that was.
        """
        self._seed = seed.encode()
        self._known = known
        self._claimed = claimed
        self._together = together
        self.demand = Demand()
        self._member = ""
        self._body: bytes | None = None
        self._recorded: dict[str, Any] | None = None
        self._taken: dict[str, tuple[Need, Any]] = {}
        self._codes: dict[tuple[str, str], int] = {}
        self.asked_for: list[str] = []

    def begin(self, member: str, body: bytes | None) -> None:
        """Begin an entry of a member's log; `body` is that of the decision that was really made on it."""
        self._member = member
        self._body = body
        self._recorded = None
        self._taken = {}

    def __call__(self, need: Need) -> Any:
        """Supply a need of the decision that is being made."""
        granted = self._granted(need)
        if granted:
            self._taken[need.key] = need, granted
        return granted

    def recall(self, need: Need) -> Any:
        """Supply a need of an entry before the range: with what it was really granted."""
        granted = self._really(need)
        if granted:
            self._taken[need.key] = need, granted
        return granted

    def keep(self, decision: Decision, *, recalled: bool = False) -> None:
        """Let a decision have what it used; everything else goes back."""
        if not self._taken:
            return
        vain = in_vain(decision, self._taken)
        for key, (need, _) in self._taken.items():
            if recalled and key not in vain:
                self._recall(need)
            elif not recalled and key in vain:
                self._give_back(need)
        self._taken = {}

    def give_back(self) -> None:
        """Take back everything that a decision got; nothing came of it."""
        for need, _ in self._taken.values():
            self._give_back(need)
        self._taken = {}

    def _granted(self, need: Need) -> Any:
        match need.kind:
            case "code":
                return self._code(need)
            case "once":
                return self._claim(need.name)
            case "member":
                self.demand.told = True
                return (self._known.member_of(need.name) or False) if self._together else False
            case "draw":
                return self._really(need) or self._drawn(need)
            case "total" | "budget" | "stock":
                return self._take(pot_of(need), need.limit, need.amount)

    def _really(self, need: Need) -> Any:
        """Return what the same need was granted when the entry was really decided, or False."""
        if self._recorded is None:
            self._recorded = orjson.loads(self._body).get("grants", {}) if self._body is not None else {}
        return self._recorded.get(need.key, False)

    def _take(self, pot: str, limit: int, amount: int) -> bool:
        demand = self.demand
        asked = demand.asked.get(pot, 0) + amount
        if self._together and demand.given.get(pot, 0) + asked > limit:
            return False
        demand.asked[pot] = asked
        demand.limits[pot] = min(limit, demand.limits.get(pot, limit))
        return True

    def _claim(self, name: str) -> bool:
        self.asked_for.append(name)
        if name in self._claimed:
            return False
        self._claimed.add(name)
        return True

    def _code(self, need: Need) -> str | bool:
        """Return the code that the member really got as the n-th of its kind, or one made of the seed."""
        if need.pool and not self._take(_pool(need), self._known.pools.get(need.name, 0), 1):
            return False
        place = self._member, need.name
        number = self._codes[place] = self._codes.get(place, 0) + 1
        codes = self._known.codes(*place)
        if number <= len(codes):
            return codes[number - 1]
        made = int.from_bytes(self._hashed(f"{self._member}\n{need.name}\n{number}"))
        return "".join(_ALPHABET[made >> 5 * at & 31] for at in range(_LENGTH))

    def _drawn(self, need: Need) -> dict[str, str]:
        return {
            "number": self._hashed(need.seed).hex(),
            "commitment": hashlib.sha256(self._seed).hexdigest(),
        }

    def _hashed(self, what: str) -> bytes:
        return hmac.new(self._seed, what.encode(), hashlib.sha256).digest()

    def _recall(self, need: Need) -> None:
        given = self.demand.given
        if need.kind in _POTS:
            pot = pot_of(need)
            given[pot] = given.get(pot, 0) + need.amount
        elif need.kind == "once":
            self.asked_for.append(need.name)
            self._claimed.add(need.name)
        elif need.kind == "code" and need.pool:
            given[_pool(need)] = given.get(_pool(need), 0) + 1

    def _give_back(self, need: Need) -> None:
        if need.kind == "once":
            self._claimed.discard(need.name)
            return
        if need.kind == "code":
            self._codes[self._member, need.name] -= 1
        if self._together and (need.kind in _POTS or need.pool):
            pot = pot_of(need) if need.kind in _POTS else _pool(need)
            self.demand.asked[pot] -= need.amount


def _pool(need: Need) -> str:
    return f"pool/{need.name}"
