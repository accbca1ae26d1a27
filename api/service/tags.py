"""Looking after tags: the report on them, merging and retiring them everywhere, and which go together."""

from typing import Any, Final

import orjson

from api.clock import Clock
from api.service.definitions import DefinitionsService
from api.service.naming import named
from api.service.refusal import Finding, Refusal
from api.service.rulebook import Rulebook
from api.service.tag_associations import associated, association
from api.service.tag_report import OVERLAP, Known, close_in_number, finding, findings_of, overlap, same_names
from api.service.tag_uses import uses_of
from api.store import figures, rules, tag_figures
from api.store.connection import Connection
from api.store.database import Database
from engine.language.base import words
from engine.language.moved import with_moved
from engine.language.tags import TagDefinition
from engine.values import instant_text

Json = dict[str, Any]
_PAIRS: Final = 200
_SAMPLE: Final = 50_000
_SHOWN: Final = 100
_NO_TAG: Final = "There is no such tag."
_IN_USE: Final = ("choose a tag that is in use", "请选择使用中的标签")


class TagsService:
    """Reports on tags, and merges and retires them."""

    def __init__(
        self, database: Database, rulebook: Rulebook, definitions: DefinitionsService, clock: Clock
    ) -> None:
        """Make the use case of its parts."""
        self._database = database
        self._rulebook = rulebook
        self._definitions = definitions
        self._clock = clock

    def report(self, stale_days: int) -> Json:
        """Return every tag that is defined or used, with who has it, what names it, and what to look after.

        Args:
            stale_days: From how many days on a tag that nobody is given any more is stale.
        """
        with self._database.read() as connection:
            known = self._known(connection)
            now = self._clock.now()
            found = {one.key: list(findings_of(one, now, stale_days)) for one in known}
            for key, said in same_names(known):
                found[key].append(said)
            for one, other in close_in_number(known)[:_PAIRS]:
                both = tag_figures.with_both(connection, one.key, other.key)
                percent = overlap(one, other, both)
                if percent >= OVERLAP:
                    found[one.key].append(finding("overlapping", other=other.key, percent=percent))
                    found[other.key].append(finding("overlapping", other=one.key, percent=percent))
        rows = [self._row(one, found[one.key]) for one in known]
        return {"tags": rows, "stale_days": stale_days, "findings": sum(len(row["findings"]) for row in rows)}

    def merge(self, key: str, into: str, *, dry: bool, by: str) -> Json:
        """Let a tag stand for another from now on, or tell what that would mean.

        Args:
            key: The tag that goes.
            into: The tag that takes its place.
            dry: Whether it is only told.
            by: Who asks.

        Returns:
            `members` who have the tag, how many of them get the other one by it (`gaining`), what names the
            tag in `rules` and `definitions`, and whether it is `done`.

        Raises:
            Refusal: `not-found`, or `invalid-request` if it can't be merged into that one.
        """
        self._standing(key)
        target = self._definition(into)
        if into == key:
            raise _bad(
                "a tag can't be merged into itself; choose another", "标签不能合并到自身，请选择另一个"
            )
        if target is None:
            raise _bad(f"there is no tag {into!r}; define it first", f"没有标签“{into}”，请先定义")
        if target.retired:
            raise _bad(f"{into!r} is retired; {_IN_USE[0]}", f"“{into}”已停用，{_IN_USE[1]}")
        if target.merged_into is not None:
            gone = f"{into!r} is merged into {target.merged_into!r} itself; {_IN_USE[0]}"
            raise _bad(gone, f"“{into}”已合并到“{target.merged_into}”，{_IN_USE[1]}")
        with self._database.read() as connection:
            members = tag_figures.with_tag(connection, key)
            gaining = members - tag_figures.with_both(connection, key, into)
            named_in = self._named_in(connection, key)

        def change(whole: Json) -> Json:
            others = {name: with_moved(part, {key: into}) for name, part in whole.items() if name != "tags"}
            tags = [{**one, "merged_into": into} if one["key"] == key else one for one in whole["tags"]]
            return {**others, "tags": tags}

        if not dry:
            self._definitions.rework(change, by=by)
        return {"tag": key, "into": into, "members": members, "gaining": gaining, **named_in, "done": not dry}

    def retire(self, key: str, *, dry: bool, by: str) -> Json:
        """Take a tag off everybody for good, or tell what that would mean.

        Returns:
            `members` who have the tag, what names it in `rules` and `definitions`, and whether it is `done`.

        Raises:
            Refusal: `not-found` or `invalid-request`.
        """
        self._standing(key)
        with self._database.read() as connection:
            members, named_in = tag_figures.with_tag(connection, key), self._named_in(connection, key)

        def change(whole: Json) -> Json:
            tags = [{**one, "retired": True} if one["key"] == key else one for one in whole["tags"]]
            return {**whole, "tags": tags}

        if not dry:
            self._definitions.rework(change, by=by)
        return {"tag": key, "members": members, **named_in, "done": not dry}

    def associations(self, least_members: int, least_percent: int) -> Json:
        """Return which tags go together, the strongest first, up to 100.

        Support is the part of all members who have both, confidence the part of
        those with the one who have the other, lift how many times as likely
        they are to have it as anybody (Agrawal, Imielinski & Swami 1993; Brin
        et al. 1997). Over 50,000 members a fair part of them is asked.

        Args:
            least_members: How many of those asked must have both at least; 0.5 % of them in any case.
            least_percent: Least confidence, in percent.
        """
        with self._database.read() as connection:
            told = tag_figures.baskets(connection, _SAMPLE)
        strong = associated(told, least_members, least_percent)
        catalogue = self._rulebook.index().rules.catalogue
        return {
            "items": [association(one, catalogue) for one in strong[:_SHOWN]],
            "members": told.members,
            "percent": told.percent,
            "left_off": max(0, len(strong) - _SHOWN),
        }

    def _known(self, connection: Connection) -> list[Known]:
        catalogue = self._rulebook.index().rules.catalogue
        held = tag_figures.of_tags(connection)
        uses = self._uses(connection)
        keys = sorted({**catalogue.tags, **held, **uses})
        return [Known(key, catalogue.tags.get(key), held.get(key), uses.get(key, [])) for key in keys]

    def _uses(self, connection: Connection) -> dict[str, list[Json]]:
        """Return what names each tag: rules in force, drafts, and definitions."""
        index = self._rulebook.index()
        fired = figures.firings(connection)
        found: dict[str, dict[tuple[str, str, bool], Json]] = {}

        def note(said: Any, kind: str, key: str, name: Any, *, draft: bool = False) -> None:
            for use in uses_of(said):
                places = found.setdefault(use.tag, {})
                row = places.setdefault(
                    (kind, key, draft),
                    {
                        "kind": kind,
                        "key": key,
                        "name": name,
                        "how": [],
                        "fired": fired.get(key, 0),
                        "draft": draft,
                    },
                )
                row["how"].append(use.how)

        for one in index.standing:
            document = one.rule.published
            said = document.model_dump(mode="json", by_alias=True, exclude={"examples"})
            note(said, "rule", one.rule.key, dict(document.name))
        for stored in rules.read_all(connection):
            if stored.draft is not None:
                said = orjson.loads(stored.draft)
                said.pop("examples", None)
                note(said, "rule", stored.key, said.get("name", {}), draft=True)
        whole = index.rules.catalogue.definitions.model_dump(mode="json", by_alias=True, exclude_none=True)
        for kind, rows in whole.items():
            for row in rows if isinstance(rows, list) and kind != "tags" else ():
                key = row.get("key") or row.get("name")
                note(row, kind, str(key), row.get("name") or row.get("label") or {})
        return {tag: list(places.values()) for tag, places in found.items()}

    def _named_in(self, connection: Connection, key: str) -> Json:
        named_in = self._uses(connection).get(key, [])
        return {
            "rules": [one for one in named_in if one["kind"] == "rule"],
            "definitions": [one for one in named_in if one["kind"] != "rule"],
        }

    def _row(self, known: Known, found: list[Json]) -> Json:
        one, count = known.definition, known.figures
        plain: Json = {"meaning": "", "retired": False} if one is None else _plain(one)
        return {
            **plain,
            "tag": known.key,
            "name": named("tags", known.key, self._rulebook.index().rules.catalogue),
            "defined": one is not None,
            "members": count.members if count is not None else 0,
            "holders": {"rule": count.by_rule, "person": count.by_person, "api": count.by_api}
            if count is not None
            else {"rule": 0, "person": 0, "api": 0},
            "last_put_on": instant_text(count.last) if count is not None else None,
            "used_by": known.uses,
            "findings": found,
        }

    def _definition(self, key: str) -> TagDefinition | None:
        return self._rulebook.index().rules.catalogue.tags.get(key)

    def _standing(self, key: str) -> TagDefinition:
        found = self._definition(key)
        if found is None:
            raise Refusal("not-found", _NO_TAG)
        if found.retired or found.merged_into is not None:
            gone = f"{key!r} was retired or merged already; {_IN_USE[0]}"
            raise _bad(gone, f"“{key}”已停用或已合并，{_IN_USE[1]}", "")
        return found


def _plain(one: TagDefinition) -> Json:
    plain: Json = one.model_dump(mode="json", exclude_none=True)
    del plain["key"]
    return plain


def _bad(en: str, zh: str, path: str = "/into") -> Refusal:
    return Refusal("invalid-request", "See errors.", [Finding(path, words(en, zh))])
