"""Members and decisions as people read them: JSON data with names and sentences."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from api.clock import Clock
from api.crypto import TOKEN_PREFIX
from api.service.decision_search import Filters
from api.service.door import Door, is_written
from api.service.explaining import explain_entry
from api.service.identity import home_of
from api.service.refusal import Refusal
from api.service.rulebook import Rulebook
from api.service.shapes import (
    decision_detail,
    entry,
    erased_member,
    masked,
    member_detail,
    merged_members,
    outcome_summary,
)
from api.service.vault import Vault
from api.service.wording import event_label
from api.store import decisions, log, members, merging
from api.store.connection import Connection
from api.store.database import Database
from api.store.decisions import StoredDecision
from api.store.log import LoggedEntry
from api.store.views import find_members
from engine.decision import Decision
from engine.state import MemberState
from engine.values import instant_text

Json = dict[str, Any]
PAGE: Final = 50
_decision = msgspec.json.Decoder(Decision)


class Views:
    """Reads what people and backends ask for."""

    def __init__(
        self, database: Database, rulebook: Rulebook, vault: Vault, door: Door, clock: Clock
    ) -> None:
        """Make the use case of its parts."""
        self._database = database
        self._rulebook = rulebook
        self._vault = vault
        self._door = door
        self._clock = clock

    def members(self, search: str | None, after: str | None) -> Json:
        """Return a page of members, by id.

        Args:
            search: An id or the beginning of one, an e-mail address or a phone number.
            after: The id that the page must stay behind.
        """
        search = (search or "").strip()
        typed = self._door.looked_up(search) if search else []
        with self._database.read() as connection:
            found = find_members(connection, search=typed, after=after, limit=PAGE + 1)
        items = [
            {
                "id": one.key,
                "joined_at": instant_text(one.joined_at),
                "tags": one.tags,
                "points": one.points,
                "erased": one.erased,
            }
            for one in found[:PAGE]
        ]
        return {"items": items, "next": items[-1]["id"] if len(found) > PAGE else None}

    def member(self, key: str) -> Json:
        """Return a member as a MemberDetail: by its key, an id of it, or the key of one that is a part of it.

        `asked_for` is then another than `id`.

        Raises:
            Refusal: `not-found`.
        """
        with self._database.read() as connection:
            home = home_of(connection, key)
            state = self._state(connection, home)
            personal = self._vault.open(connection, home)
            whole = (home, *merging.parts(connection, home))
            gone = log.entries_of_kind(connection, home, "erase") if state.erased_at is not None else []
            merged = [one for part in whole for one in merging.merges(connection, part)]
        shown = {
            field: masked(value) for field, value in personal.items() if not field.startswith(TOKEN_PREFIX)
        }
        return {
            **member_detail(state, self._rulebook.index(), self._clock.now()),
            "personal": shown,
            "asked_for": key,
            "merged": merged_members(merged),
            "erased": erased_member(gone),
        }

    def timeline(self, key: str, before: int | None) -> Json:
        """Return a page of a member's log, newest first.

        Raises:
            Refusal: `not-found`.
        """
        with self._database.read() as connection:
            self._state(connection, key)
            found = log.newest(connection, key, before=before, limit=PAGE + 1)
            decided = decisions.read_many(connection, [one.sequence for one in found])
            meant = self._vault.tokens(self._vault.open(connection, home_of(connection, key)))
        items = [self._entry(one, decided.get(one.sequence)) for one in found[:PAGE]]
        for item in items:
            item["properties"] = _readable(item["properties"], meant)
        return {"items": items, "next": items[-1]["member_sequence"] if len(found) > PAGE else None}

    def decisions(self, filters: Filters, before: int | None) -> Json:
        """Return a page of DecisionSummary, newest first.

        Raises:
            Refusal: `invalid-request` if an instant can't be read.
        """
        sought = filters.sought()
        with self._database.read() as connection:
            found = decisions.page(connection, sought, before=before, limit=PAGE + 1)
            entries = {one.sequence: log.entry_at(connection, one.sequence) for one in found[:PAGE]}
        items = [self._summary(one, entries[one.sequence]) for one in found[:PAGE]]
        return {"items": items, "next": found[PAGE - 1].sequence if len(found) > PAGE else None}

    def decision(self, sequence: int) -> Json:
        """Return a DecisionDetail: the decision on an entry, made again, with every condition.

        Raises:
            Refusal: `not-found`.
        """
        with self._database.read() as connection:
            explained = explain_entry(connection, self._rulebook, sequence)
            logged = log.entry_at(connection, sequence)
        if explained is None or logged is None:
            raise Refusal("not-found", "There is no such entry in the log.")
        return decision_detail(explained, logged)

    def _state(self, connection: Connection, key: str) -> MemberState:
        state = members.load(connection, [key])[key].state
        if state.sequence == 0:
            raise Refusal("not-found", "There is no such member.")
        return state

    def _entry(self, logged: LoggedEntry, stored: StoredDecision | None) -> Json:
        index = self._rulebook.index(logged.revision)
        return {
            **entry(logged.event, logged.sequence, index),
            "decision": None
            if stored is None
            else {"id": stored.sequence, "outcomes": self._outcomes(stored)},
        }

    def _summary(self, stored: StoredDecision, logged: LoggedEntry | None) -> Json:
        if logged is None:
            raise Refusal("internal", f"Decision {stored.sequence} has no entry in the log.")
        catalogue = self._rulebook.index(logged.revision).rules.catalogue
        return {
            "id": stored.sequence,
            "sequence": stored.sequence,
            "member": stored.member,
            "as_of": instant_text(stored.as_of),
            "name": logged.event.name,
            "label": event_label(logged.event.name, logged.event.properties, catalogue),
            "outcomes": self._outcomes(stored),
        }

    def _outcomes(self, stored: StoredDecision) -> list[Json]:
        decision = _decision.decode(stored.body)
        index = self._rulebook.index(decision.revision)
        return [outcome_summary(one, index) for one in decision.outcomes]


def _readable(said: Json, meant: Mapping[str, str], path: str = "") -> Json:
    """Return properties of an event with what people wrote in it, which stands there under tokens."""
    found: Json = {}
    for name, value in said.items():
        if isinstance(value, dict):
            found[name] = _readable(value, meant, f"{path}{name}.")
        else:
            written = isinstance(value, str) and is_written(path + name, name)
            found[name] = meant.get(value, value) if written else value
    return found
