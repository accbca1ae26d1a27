"""Everything that one event name can trigger: encoded once, matched shard by shard."""

from collections.abc import Mapping, Sequence
from typing import Final

from engine.evaluate import evaluate
from engine.language.predicates import Node
from engine.match import normal, shards
from engine.match.atoms import Atom, Codebook, in_order, property_names
from engine.match.bitmap import BitmapTopic
from engine.match.candidate import Counters
from engine.match.columns import Facts
from engine.match.network import MESSAGE, Network, NetworkFailed

RETIRED_AFTER: Final = 3
ANSWERS_KEPT: Final = 4_096
"""Messages in a row that a shard may fail at before the index takes its topic over for good."""


class Shard:
    """Some of a topic's clauses in one network."""

    def __init__(
        self,
        clauses: Sequence[tuple[Atom, ...]],
        owners: Sequence[tuple[int, ...]],
        codebook: Codebook,
        counters: Counters,
    ) -> None:
        """Compile.

        Args:
            clauses: What goes into the network.
            owners: Per clause the candidates that hold when it does.
            codebook: What the atoms refer to.
            counters: Where failures are counted.
        """
        self._clauses = clauses
        self._owners = {f"r{at}": some for at, some in enumerate(owners)}
        self._counters = counters
        used = sorted(dict.fromkeys(atom.property for clause in clauses for atom in clause))
        self._names = dict(zip(used, property_names(len(used)), strict=True))
        self._fragments = _fragments(clauses, codebook, self._names)
        self._failures = 0
        self._network = self._compiled()

    def holding(self, codes: Sequence[int]) -> list[int] | None:
        """Return the candidates with a clause that holds, in any order, perhaps repeated.

        Returns:
            None if the network can't say, even after it was built again.
        """
        message = MESSAGE + "".join([table[codes[at]] for at, table in self._fragments]) + "}"
        fired = self._fired(message)
        if fired is None:
            return None
        if len(fired) == 1:
            return list(self._owners[fired[0]])
        return [owner for name in fired for owner in self._owners[name]]

    @property
    def is_retired(self) -> bool:
        """Whether its network failed too often to be built again."""
        return self._failures >= RETIRED_AFTER

    def close(self) -> None:
        """Give back the network's memory."""
        if self._network is not None:
            self._network.close()
            self._network = None

    def _fired(self, message: str) -> list[str] | None:
        fired = self._tried(message)
        if fired is None:
            self._counters.rebuilt += 1
            self._network = self._compiled()
            fired = self._tried(message)
        if fired is None:
            self._failures += 1
        else:
            self._failures = 0
        return fired

    def _tried(self, message: str) -> list[str] | None:
        """Return what the network answers; one that fails is thrown away."""
        if self._network is None:
            return None
        try:
            return self._network.fired(message)
        except NetworkFailed as error:
            self._counters.last_error = str(error)
            self.close()
            return None

    def _compiled(self) -> Network | None:
        try:
            return Network(self._clauses, self._names)
        except NetworkFailed as error:
            self._counters.last_error = str(error)
            return None


class Topic:
    """The candidates of one event name, with the index to fall back on.

    Attributes:
        shards: The networks.
    """

    def __init__(self, conditions: Mapping[int, Node | None], counters: Counters) -> None:
        """Compile.

        Args:
            conditions: What must hold, by the candidates' places, ascending.
            counters: Where failures are counted.
        """
        self._conditions = conditions
        self._counters = counters
        self._index: BitmapTopic | None = None
        self._given_up = False
        self._always: list[int] = []
        asking: dict[int, tuple[normal.Clause, ...]] = {}
        for index, condition in conditions.items():
            some = normal.clauses(condition)
            if some == ((),):
                self._always.append(index)
            elif some:
                asking[index] = some
        codebook = Codebook(clause for some in asking.values() for clause in some)
        owned = _owned(asking, codebook)
        self._codes = codebook.reader.codes
        # A network answers by the codes alone, and events of one kind often have the same.
        self._answers: dict[tuple[int, ...], list[int]] = {}
        self.shards: list[Shard] = []
        for part in shards.split(list(owned)):
            self.shards.append(Shard(part, [owned[clause] for clause in part], codebook, counters))

    def match(self, facts: Facts) -> list[int]:
        """Return the candidates that hold, in ascending order."""
        if not self.shards:
            return list(self._always)
        if self._given_up:
            return self._indexed(facts)
        codes = self._codes(facts)
        asked = tuple(codes)
        known = self._answers.get(asked)
        if known is not None:
            return known
        found = list(self._always)
        for shard in self.shards:
            holding = shard.holding(codes)
            if holding is None:
                if shard.is_retired:
                    self._give_up()
                return self._indexed(facts)
            found += holding
        found = sorted(dict.fromkeys(found)) if len(found) > 1 else found
        if len(self._answers) < ANSWERS_KEPT:
            self._answers[asked] = found
        else:
            self.forget()
        return found

    def forget(self) -> None:
        """Ask the networks anew from now on: one of the answers was found to be wrong."""
        self._answers.clear()

    def expected(self, facts: Facts) -> list[int]:
        """Return what the reference answers."""
        return [index for index, condition in self._conditions.items() if evaluate(condition, facts)]

    def close(self) -> None:
        """Give back the networks' memory."""
        for shard in self.shards:
            shard.close()

    def _give_up(self) -> None:
        self._given_up = True
        self._counters.given_up += 1
        self.close()

    def _indexed(self, facts: Facts) -> list[int]:
        self._counters.fallen_back += 1
        if self._index is None:
            self._index = BitmapTopic(self._conditions)
        return self._index.match(facts)


def _owned(
    asking: dict[int, tuple[normal.Clause, ...]], codebook: Codebook
) -> dict[tuple[Atom, ...], tuple[int, ...]]:
    """Return each distinct clause with the candidates it decides, neighbours sharing most."""
    pairs = [(codebook.atoms(clause), index) for index, some in asking.items() for clause in some]
    ordered = in_order([atoms for atoms, _ in pairs])
    owned: dict[tuple[Atom, ...], list[int]] = {}
    for clause, (_, index) in zip(ordered, pairs, strict=True):
        owned.setdefault(clause, []).append(index)
    return {clause: tuple(dict.fromkeys(owned[clause])) for clause in sorted(owned)}


def _fragments(
    clauses: Sequence[tuple[Atom, ...]], codebook: Codebook, names: dict[int, str]
) -> list[tuple[int, tuple[str, ...]]]:
    """Return, for each column a shard reads, the piece of a message that says each code.

    A value that satisfies no atom is left unsaid: the message is shorter, and
    the network has less to look at.
    """
    atoms: dict[int, list[Atom]] = {at: [] for at in names}
    for atom in dict.fromkeys(atom for clause in clauses for atom in clause):
        atoms[atom.property].append(atom)

    said = codebook.properties
    of_column: dict[int, list[int]] = {}
    for at in names:
        of_column.setdefault(said[at].column, []).append(at)
    return [
        (
            place,
            tuple(
                _piece([(names[at], said[at].values[code], atoms[at]) for at in group])
                for code in range(codebook.reader.columns[place].size)
            ),
        )
        for place, group in of_column.items()
    ]


def _piece(values: Sequence[tuple[str, int | None, list[Atom]]]) -> str:
    said = ((name, value) for name, value, atoms in values if any(atom.admits(value) for atom in atoms))
    return "".join(f',"{name}":{value}' for name, value in said)
