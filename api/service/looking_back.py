"""Members, rules and definitions as they were at any past instant, and as they were known at another."""

from typing import Any, NamedTuple

from api.clock import Clock
from api.crypto import TOKEN_PREFIX, Keyring
from api.service.door import token_of
from api.service.holdings import maybe
from api.service.moments import Moment, absorbed_by, home_at, moment_of
from api.service.naming import rule_in_force
from api.service.recalling import state_before
from api.service.refusal import Refusal
from api.service.rulebook import Rulebook
from api.service.shapes import erased_member, figures_of, masked, member_detail, merged_members
from api.service.vault import Vault
from api.store import controls, log, merging, moments
from api.store.connection import Connection
from api.store.database import Database
from api.store.log import LoggedEntry
from engine.index import Index
from engine.language.base import LANGUAGES
from engine.language.wording import sentence
from engine.programme.history import remember
from engine.rules import Standing
from engine.state import MemberState, Past
from engine.values import Instant, instant_text

Json = dict[str, Any]
NO_MEMBER = "There is no such member."


class Recalled(NamedTuple):
    """A member as it was.

    Attributes:
        state: The member; at sequence 0 if nothing of it was known.
        in_force: The rules in force then.
    """

    state: MemberState
    in_force: Index


class LookingBack:
    """Reads what was, from the log alone."""

    def __init__(
        self, database: Database, rulebook: Rulebook, vault: Vault, keyring: Keyring, clock: Clock
    ) -> None:
        """Make the use case of its parts.

        Args:
            database: Where the log is.
            rulebook: Every rule set that has been in force.
            vault: Opens personal values.
            keyring: Makes the tokens that tell whether a personal value is still the one of then.
            clock: Our clock; what is to come can't be read.
        """
        self._database = database
        self._rulebook = rulebook
        self._vault = vault
        self._keyring = keyring
        self._clock = clock

    def member(self, key: str, as_of: str | None, known_at: str | None) -> Json:
        """Return a member as a MemberDetail with `as_of`, `known_at` and `revision`, as it was.

        Args:
            key: Key or id of the member, or the key of one that is a part of it by now.
            as_of: RFC 3339 instant; now where only `known_at` is told.
            known_at: RFC 3339 instant up to which what was recorded counts, or None.

        Raises:
            Refusal: `not-found` if there is no such member, or wasn't yet; `invalid-request` if an
                instant can't be read or is to come.
        """
        moment = moment_of(as_of, known_at, self._clock.now())
        with self._database.read() as connection:
            home = home_at(connection, key, moment)
            found = recalled(connection, self._rulebook, home, moment)
            if found.state.sequence == 0:
                raise Refusal("not-found", self._nobody(connection, home, moment))
            gone = log.entries_of_kind(connection, home, "erase") if found.state.erased_at is not None else []
            absorbed = list(absorbed_by(connection, home, moment))
            personal = self._personal(connection, found.state)
            figures = figures_of(self._past(connection, found, absorbed, moment), found.in_force, sums=True)
        return {
            **member_detail(found.state, found.in_force, moment.as_of),
            "personal": personal,
            "figures": figures,
            "asked_for": key,
            "merged": merged_members(absorbed),
            "erased": erased_member(gone),
            "as_of": instant_text(moment.as_of),
            "known_at": maybe(moment.known_at),
            "revision": found.in_force.rules.revision,
        }

    def rules(self, as_of: str) -> Json:
        """Return the rules in force at an instant, in the order in which they are asked.

        Raises:
            Refusal: `invalid-request`.
        """
        moment, index = self._in_force(as_of)
        items = [rule_then(one, index, moment.as_of) for one in index.standing]
        return {"as_of": instant_text(moment.as_of), "revision": index.rules.revision, "items": items}

    def rule(self, key: str, as_of: str) -> Json:
        """Return a rule as it was in force at an instant, with its `document`.

        Raises:
            Refusal: `not-found` if no version of it was published yet, or `invalid-request`.
        """
        moment, index = self._in_force(as_of)
        standing = index.rules.standing.get(key)
        if standing is None:
            raise Refusal("not-found", "No version of this rule was published by then.")
        return {
            "as_of": instant_text(moment.as_of),
            "revision": index.rules.revision,
            **rule_then(standing, index, moment.as_of),
            "document": standing.rule.published.plain(),
        }

    def definitions(self, as_of: str) -> Json:
        """Return what rules could speak of at an instant, as the catalogue tells it, with `revision`.

        Raises:
            Refusal: `invalid-request`.
        """
        moment, index = self._in_force(as_of)
        told = {"as_of": instant_text(moment.as_of), "revision": index.rules.revision}
        return told | {"catalogue": index.rules.catalogue.plain()}

    def _in_force(self, as_of: str) -> tuple[Moment, Index]:
        moment = moment_of(as_of, None, self._clock.now())
        with self._database.read() as connection:
            return moment, index_at(connection, self._rulebook, moment.as_of)

    def _nobody(self, connection: Connection, home: str, moment: Moment) -> str:
        """Return why there is nothing of a member at an instant."""
        first = log.entry_in(connection, home, 1)
        if first is None:
            return NO_MEMBER
        began = first.event.as_of if moment.known_at is None else first.event.recorded_at
        said = "came into the log" if moment.known_at is None else "was first recorded"
        return f"This member {said} at {instant_text(began)}; ask for an instant from then on."

    def _personal(self, connection: Connection, state: MemberState) -> dict[str, str]:
        """Return the personal values of then that are kept still, masked: a newer value hides an older."""
        whole = merging.homes(connection, [state.member])[state.member]
        tokens = {value for value in state.attributes.values() if isinstance(value, str)}
        return {
            field: masked(value)
            for field, value in self._vault.open(connection, whole).items()
            if not field.startswith(TOKEN_PREFIX) and token_of(self._keyring, field, value) in tokens
        }

    def _past(
        self, connection: Connection, found: Recalled, absorbed: list[LoggedEntry], moment: Moment
    ) -> dict[str, Past]:
        """Return the history: with `known_at`, what had happened by `as_of` of what was recorded by then."""
        if moment.known_at is None:
            return found.state.past
        whole = [found.state.member, *(one.event.properties["absorbed"] for one in absorbed)]
        past: dict[str, Past] = {}
        told: set[str] = set()
        for member in whole:
            for entry in log.entries(connection, member):
                event = entry.event
                told.add(event.name)
                known = event.recorded_at <= moment.known_at and event.occurred_at <= moment.as_of
                if known and event.kind != "timer":
                    past = remember(MemberState(member=member, past=past), event, found.in_force)
        series = found.in_force.rules.series
        ours = {
            key: one
            for key, one in found.state.past.items()
            if (series[key].event if key in series else key) not in told
        }
        return {**ours, **past}


def recalled(connection: Connection, rulebook: Rulebook, member: str, moment: Moment) -> Recalled:
    """Return a member as its log led to it at an instant, and the rules of then.

    Args:
        connection: A read transaction.
        rulebook: The rules.
        member: Key of the member.
        moment: The instant.
    """
    place = moments.place_at(connection, member, moment.as_of, moment.known_at)
    last = log.entry_in(connection, member, place)
    index = index_at(connection, rulebook, moment.as_of, least=last.revision if last is not None else 0)
    if last is None:
        return Recalled(MemberState(member=member), index)
    return Recalled(state_before(connection, rulebook, member, place + 1, upto=index), index)


def index_at(connection: Connection, rulebook: Rulebook, instant: Instant, *, least: int = 0) -> Index:
    """Return the rules in force at an instant, and not before the revision `least`."""
    revision = max(least, controls.revision_at(connection, instant))
    if revision > rulebook.newest:
        rulebook.learn(controls.controls_after(connection, rulebook.newest))
    return rulebook.index(revision)


def rule_then(standing: Standing, index: Index, instant: Instant) -> Json:
    """Return a rule as it stood: `in_force` is false while it is paused, and outside its time."""
    rule = standing.rule
    begun = rule.active_from is None or rule.active_from <= instant
    over = rule.active_until is not None and rule.active_until <= instant
    catalogue = index.rules.catalogue
    return {
        "key": rule.key,
        "name": rule_in_force(rule.key, index),
        "version": rule.version,
        "digest": rule.digest,
        "status": "paused" if standing.paused else "live",
        "in_force": begun and not over and not standing.paused,
        "since": instant_text(standing.since),
        "priority": rule.document.priority,
        "sentence": {one: sentence(rule.published, catalogue, one) for one in LANGUAGES},
    }
