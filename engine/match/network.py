"""One ruleset of the C extension, driven in the only way that is sound.

A message is asserted as a fact under a constant id, its rules are drained, and
it is retracted. The same calls in another order, or with a state that never
fired, corrupt memory or end the process; nothing outside this module calls the
extension. Handles and rulesets live in one table per process, but a ruleset's
name is never looked up, so all have the same one.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import Final

import orjson

from engine.errors import EngineError
from engine.match.atoms import Atom

try:
    import durable_rules_engine
except ImportError:  # nobody compiled it, or this Python is one that it doesn't know
    durable_rules_engine = None

_OPERATORS: Final = {"!=": "$neq", ">=": "$gte", "<=": "$lte"}
_ASSERTED: Final = 0
_NOT_HANDLED: Final = 1
_ID: Final = '{"id":"1"}'
_SENTINEL: Final = '{"id":"1","type":0}'

MESSAGE: Final = '{"id":"1","type":1'
"""How every message begins. Fragments of the form `,"f0":3` follow, and a brace."""


def is_available() -> bool:
    """Return whether the C extension can be had here."""
    return durable_rules_engine is not None


class NetworkFailed(EngineError):
    """The C extension refused a call, or answered what it shouldn't."""


class Network:
    """A compiled set of clauses. Not thread-safe.

    Attributes:
        definition: The ruleset as the extension was given it.
    """

    def __init__(self, clauses: Sequence[tuple[Atom, ...]], names: dict[int, str]) -> None:
        """Compile clauses.

        Args:
            clauses: Distinct clauses, their atoms in a common order.
            names: Name of each property.

        Raises:
            NetworkFailed: If the extension refuses them.
        """
        self.definition = _definition(clauses, names)
        self._handle: int | None = None
        try:
            self._handle = durable_rules_engine.create_ruleset("regulars", self.definition)
            # A state that never fired can't be deleted safely: so let it fire.
            fired = self._drain(_SENTINEL)
        except Exception as error:
            raise NetworkFailed(f"could not compile {len(clauses)} clauses: {error}") from error
        if fired != ["w"]:
            raise NetworkFailed(f"the sentinel rule answered {fired}")

    def fired(self, message: str) -> list[str]:
        """Return the names `r<index>` of the clauses that a message satisfies.

        Raises:
            NetworkFailed: If the extension raises or answers with an unknown code.
                The network must then be thrown away.
        """
        try:
            return self._drain(message)
        except NetworkFailed:
            raise
        except Exception as error:
            raise NetworkFailed(f"matching failed: {error}") from error

    def close(self) -> None:
        """Give back the memory. The extension's own refusal is of no use to anyone by then."""
        handle, self._handle = self._handle, None
        if handle is not None:
            with suppress(Exception):
                durable_rules_engine.delete_state(handle, None)
                durable_rules_engine.delete_ruleset(handle)

    def _drain(self, message: str) -> list[str]:
        handle = self._handle
        code, state = durable_rules_engine.assert_fact(handle, message)
        if code == _NOT_HANDLED:
            return []
        if code != _ASSERTED:
            raise NetworkFailed(f"a message was answered with code {code}")
        names: list[str] = []
        started = durable_rules_engine.start_action_for_state(handle, state)
        frame = started[1] if started is not None else None
        while frame is not None:
            names.append(frame[2 : frame.index('"', 2)])  # {"r12":{"m":…
            frame = durable_rules_engine.complete_and_start_action(handle, state)
        durable_rules_engine.retract_fact(handle, _ID)
        return names


def _definition(clauses: Sequence[tuple[Atom, ...]], names: dict[int, str]) -> str:
    rules: dict[str, object] = {"w": {"all": [{"m": {"type": 0}}]}}
    for at, clause in enumerate(clauses):
        conditions: list[object] = [{"type": 1}, *(_condition(atom, names) for atom in clause)]
        rules[f"r{at}"] = {"all": [{"m": {"$and": conditions}}]}
    return orjson.dumps(rules).decode()


def _condition(atom: Atom, names: dict[int, str]) -> dict[str, object]:
    said: dict[str, object] = {names[atom.property]: atom.operand}
    return said if atom.comparison == "==" else {_OPERATORS[atom.comparison]: said}
