"""Tags: hierarchy, exclusive groups, expiry, tags by hand, merging and retiring."""

from pathlib import Path
from typing import Any

import pytest

from engine.language.catalogue import Catalogue
from engine.language.check import check
from engine.language.checks_definitions import definition_findings
from engine.language.definitions import Definitions
from engine.language.messages_tags import TAG_MESSAGES
from engine.language.parse import parse_rule
from engine.language.tags import FROM_LOG, Taxonomy
from engine.replay import replay
from tests.support.life import Life, Programme, at, rule


def tag(key: str, **more: Any) -> dict[str, Any]:
    return {"key": key, "name": {"en": key}, "meaning": f"what {key} means"} | more


def taxonomy(*tags: dict[str, Any]) -> Taxonomy:
    return Catalogue(Definitions.model_validate({"tags": list(tags)})).taxonomy


def adds(key: str, event: str = "Go", **more: Any) -> dict[str, Any]:
    when = {"type": "event", "event": event}
    return rule(key=f"add-{key}-{event.lower()}", when=when, then=[{"type": "add_tag", "tag": key} | more])


def has(key: str, op: str = "has") -> dict[str, Any]:
    return {"type": "compare", "fact": "member.tags", "op": op, "value": key}


def asks(op: str, key: str) -> dict[str, Any]:
    when = {"type": "event", "event": "Ask"}
    return rule(key=f"{op}-{key}", when=when, **{"if": has(key, op)})


def hears(name: str, key: str) -> dict[str, Any]:
    where = {"type": "compare", "fact": "event.tag", "op": "eq", "value": key}
    return rule(key=f"hears-{key}-{name[4:].lower()}", when={"type": "event", "event": name, "where": where})


def living(*documents: dict[str, Any], tags: list[dict[str, Any]]) -> Life:
    return Life(*documents, programme=Programme({"tags": tags}))


def redefine(life: Life, when: str, *tags: dict[str, Any]) -> None:
    whole = Definitions.model_validate({"tags": list(tags)}).model_dump(mode="json", exclude_none=True)
    life.programme.add("Definitions Changed", {"definitions": whole}, at(when))


def holders(life: Life) -> dict[str, list[str]]:
    return {key: sorted(held) for key, held in life.state.tags.items()}


def assert_replays(life: Life) -> None:
    found = replay(life.state.member, life.logged, life.programme.decider)

    assert [] == found.divergences
    assert life.state == found.state


TREE = [tag("moments"), tag("bargain", parent="moments"), tag("deep", parent="bargain"), tag("other")]
GROUP = [
    tag("new", group="path"),
    tag("first", group="path"),
    tag("again", group="path"),
    tag("again-often", parent="again"),
    tag("free"),
]


def test_who_has_a_tag_counts_as_having_every_tag_above_it() -> None:
    documents = [
        asks(op, key) for key in ("moments", "bargain", "deep", "other") for op in ("has", "has_not")
    ]
    life = living(adds("bargain"), *documents, tags=TREE)
    life.track("2026-01-01", "Go")
    life.track("2026-01-02", "Ask")

    fired = {key for key, result, _ in life.results if result == "fired" and not key.startswith("add")}
    assert {"has-moments", "has-bargain", "has_not-deep", "has_not-other"} == fired
    assert {"bargain": ["rule:add-bargain-go"]} == holders(life)  # only what was put on is held
    assert_replays(life)


def test_what_is_put_on_is_heard_and_not_what_is_above_it() -> None:
    life = living(adds("deep"), hears("Tag Added", "deep"), hears("Tag Added", "moments"), tags=TREE)
    life.track("2026-01-01", "Go")

    assert ["add_tag deep", "award_points 10"] == life.what


def test_of_a_group_a_member_has_one() -> None:
    life = living(
        *(adds(key, key) for key in ("new", "first", "again", "again-often", "free")),
        hears("Tag Removed", "new"),
        hears("Tag Removed", "again-often"),
        tags=GROUP,
    )
    for day, key in enumerate(("free", "new", "first", "again-often", "new")):
        life.track(f"2026-01-0{day + 1}", key)

    assert {"free", "new"} == set(life.state.tags)
    heard = [key for key, result, _ in life.results if result == "fired" and key.startswith("hears")]
    assert ["hears-new-removed", "hears-again-often-removed"] == heard
    assert_replays(life)


def test_a_tag_of_the_group_is_displaced_by_what_stands_below_another() -> None:
    tree = taxonomy(*GROUP)

    assert ("first", "new") == tree.displaced_by("again-often") == tree.displaced_by("again")
    assert ("again", "again-often", "first") == tree.displaced_by("new")
    assert () == tree.displaced_by("free") == tree.displaced_by("nobody-defined-this")


def test_two_rules_of_one_step_leave_one_of_the_group() -> None:
    """The later in order of key stands: the effects apply one after the other."""
    life = living(adds("new"), adds("first"), tags=GROUP)
    life.track("2026-01-01", "Go")

    assert {"new": ["rule:add-new-go"]} == holders(life)


def test_a_tag_comes_off_when_its_definition_says_unless_the_rule_says() -> None:
    lasting = [tag("taste", expires_after={"days": 180}), tag("other", expires_after={"days": 1})]
    life = living(adds("taste"), adds("other", expires_after={"days": 2}), tags=lasting)
    life.track("2026-01-01", "Go")

    until = {key: held.until for key, one in life.state.tags.items() for held in one.values()}
    assert {"taste": at("2026-06-30"), "other": at("2026-01-03")} == until
    life.until("2026-06-29 23:59")
    assert ["taste"] == sorted(life.state.tags)
    life.until("2026-06-30")
    assert {} == life.state.tags
    assert_replays(life)


def ask_tag(life: Life, when: str, name: str = "Tag Granted", **asked: Any) -> dict[str, Any]:
    said = {"why": "because"} | asked
    return life.track(when, name, kind="request", **said).decision.answer


def test_people_put_tags_on_and_let_go_of_them() -> None:
    life = living(adds("free"), hears("Tag Removed", "free"), tags=GROUP)
    life.track("2026-01-01", "Go")
    done = ask_tag(life, "2026-01-02", tag="free", until="2026-02-01T00:00:00Z", why="Told us so")

    assert "api:test" == done["holder"]
    held = life.state.tags["free"]["api:test"]
    assert (at("2026-01-02"), at("2026-02-01"), "Told us so") == (held.since, held.until, held.why)
    assert ["rule:add-free-go"] == ask_tag(life, "2026-01-03", "Tag Withdrawn", tag="free")["left"]
    refused = ask_tag(life, "2026-01-04", "Tag Withdrawn", tag="free")
    assert ("tag-not-yours", ["rule:add-free-go"]) == (refused["reason"], refused["holders"])
    assert "award_points 10" not in life.what
    assert "done" == ask_tag(life, "2026-01-05", "Tag Withdrawn", tag="free", all=True)["status"]
    assert {} == life.state.tags
    assert "award_points 10" == life.what[-1]
    assert "tag-not-on" == ask_tag(life, "2026-01-06", "Tag Withdrawn", tag="free")["reason"]
    assert_replays(life)


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"tag": "nobody-defined-this"}, "tag-unknown"),
        ({"tag": "gone"}, "tag-retired"),
        ({"tag": "free", "why": ""}, "bad-request"),
        ({"tag": "free", "until": "2025-12-31T00:00:00Z"}, "instant-past"),
        ({"tag": "free", "until": "soon"}, "bad-instant"),
        ({}, "bad-request"),
    ],
)
def test_what_cannot_be_put_on_by_hand(asked: dict[str, Any], reason: str) -> None:
    life = living(tags=[*GROUP, tag("gone", retired=True)])

    assert reason == ask_tag(life, "2026-01-01", **asked)["reason"]
    assert {} == life.state.tags


def test_a_tag_by_hand_takes_the_others_of_its_group_off() -> None:
    life = living(adds("first"), hears("Tag Removed", "first"), tags=GROUP)
    life.track("2026-01-01", "Go")

    assert ["first"] == ask_tag(life, "2026-01-02", tag="new")["instead_of"]
    assert {"new"} == set(life.state.tags)
    assert "award_points 10" == life.what[-1]


def test_a_merged_tag_stands_for_its_target_everywhere() -> None:
    """In what members have, in what rules put on, take off, read and listen to; no rule fires for it."""
    before, after = tag("old"), tag("old", merged_into="new")
    documents = [adds("old"), asks("has", "old"), asks("has_not", "old"), hears("Tag Added", "old")]
    life = living(*documents, hears("Tag Removed", "old"), tags=[before, tag("new")])
    life.track("2026-01-01", "Go")
    redefine(life, "2026-01-10", after, tag("new"))
    life.until("2026-01-11")

    assert {"new": ["rule:add-old-go"]} == holders(life)
    assert at("2026-01-01") == life.state.tags["new"]["rule:add-old-go"].since
    assert ["add_tag old", "award_points 10"] == life.what
    assert "Timer Fired" == life.decided[-1][0].name
    life.track("2026-01-12", "Ask")
    assert ("has-old", "fired", "") == life.results[-1]
    ask_tag(life, "2026-01-13", "Tag Withdrawn", tag="old", all=True)
    assert {} == life.state.tags
    life.track("2026-01-14", "Go")
    assert ["add_tag new", "award_points 10"] == life.what[-2:]
    assert_replays(life)


def test_a_member_who_is_awake_first_is_moved_by_the_next_entry() -> None:
    life = living(adds("old"), tags=[tag("old"), tag("new")])
    life.track("2026-01-01", "Go")
    redefine(life, "2026-01-10", tag("old", merged_into="new"), tag("new"))
    life.track("2026-01-10", "Something")  # at the very instant: the event goes first

    assert {"new"} == set(life.state.tags)
    assert_replays(life)


def test_grips_of_one_holder_are_one_and_last_longer() -> None:
    put = {"type": "add_tag"}
    document = rule(
        key="both",
        when={"type": "event", "event": "Go"},
        then=[
            put | {"tag": "old", "expires_after": {"days": 30}},
            put | {"tag": "new", "expires_after": {"days": 60}},
        ],
    )
    life = living(document, tags=[tag("old"), tag("new")])
    life.track("2026-01-01", "Go")
    redefine(life, "2026-01-10", tag("old", merged_into="new"), tag("new"))
    life.until("2026-02-15")
    assert {"new": ["rule:both"]} == holders(life)
    life.until("2026-03-02")
    assert {} == life.state.tags
    assert_replays(life)


def test_a_grip_on_a_merged_tag_ends_when_it_would_have() -> None:
    life = living(adds("old", expires_after={"days": 30}), tags=[tag("old"), tag("new")])
    life.track("2026-01-01", "Go")
    redefine(life, "2026-01-31", tag("old", merged_into="new"), tag("new"))
    life.until("2026-01-31")

    assert {} == life.state.tags
    assert_replays(life)


def test_a_retired_tag_is_off_and_stays_off_and_can_come_back() -> None:
    life = living(adds("old"), hears("Tag Removed", "old"), asks("has", "old"), tags=[tag("old")])
    life.track("2026-01-01", "Go")
    redefine(life, "2026-01-10", tag("old", retired=True))
    life.until("2026-01-11")
    assert {} == life.state.tags
    life.track("2026-01-12", "Go")
    life.track("2026-01-12", "Ask")
    assert {} == life.state.tags
    assert ["add_tag old"] == life.what
    redefine(life, "2026-01-20", tag("old"))
    life.track("2026-01-21", "Go")
    assert {"old"} == set(life.state.tags)
    assert_replays(life)


def test_where_a_merge_meets_a_group_the_later_tag_stays() -> None:
    for first, second in (("new", "old"), ("old", "new")):
        life = living(*(adds(key, key) for key in ("new", "old")), tags=[*GROUP, tag("old")])
        life.track("2026-01-01", first)
        life.track("2026-01-02", second)
        redefine(life, "2026-01-10", *GROUP, tag("old", merged_into="first"))
        life.until("2026-01-11")

        assert {"first" if second == "old" else "new"} == set(life.state.tags)
        assert_replays(life)


def test_a_chain_of_merges_ends_where_it_ends() -> None:
    tree = taxonomy(tag("a", merged_into="b"), tag("b", merged_into="c"), tag("c"), tag("d", parent="a"))
    lost = taxonomy(
        tag("a", merged_into="b"), tag("b", retired=True, parent="c"), tag("c"), tag("d", parent="b")
    )

    assert ("c", ("c",)) == (tree.standing("a"), tree.above["d"])
    assert (None, ("c",)) == (lost.standing("a"), lost.above["d"])
    assert ["d"] == lost.below("c")
    assert tree.on("b", {"c": {}})
    assert tree.on("b", {"d": {}})
    assert not tree.on("d", {"c": {}})
    assert not lost.on("a", {"b": {}})
    assert ["a", "b", "c", "d"] == tree.names_of("c")
    assert [] == tree.names_of("a")
    assert ["c", "d"] == tree.held({"d": {}, "a": {}})


def test_the_rule_as_published_is_kept_beside_what_it_means() -> None:
    life = living(adds("old"), tags=[tag("old"), tag("new")])
    digest = life.programme.index.rules.standing["add-old-go"].rule.digest
    redefine(life, "2026-01-10", tag("old", merged_into="new"), tag("new"))
    ready = life.programme.index.rules.standing["add-old-go"].rule

    assert digest == ready.digest
    assert ["old", "new"] == [one.then[0].tag for one in (ready.published, ready.document)]  # type: ignore[union-attr]
    redefine(life, "2026-01-11", tag("old"), tag("new"))
    back = life.programme.index.rules.standing["add-old-go"].rule
    assert back.document is back.published


@pytest.mark.parametrize(
    ("tags", "found"),
    [
        ([tag("a", merged_into="a")], [("tag-merged-into-itself", "/tags/0/merged_into")]),
        ([tag("a", parent="a")], [("tag-parent-itself", "/tags/0/parent")]),
        ([tag("a", parent="b")], [("tag-unknown-other", "/tags/0/parent")]),
        ([tag("a", merged_into="b")], [("tag-unknown-other", "/tags/0/merged_into")]),
        (
            [tag("a", parent="b"), tag("b", parent="a")],
            [("tag-round", "/tags/0/parent"), ("tag-round", "/tags/1/parent")],
        ),
        (
            [tag("a", merged_into="b"), tag("b", parent="a")],
            [("tag-round", "/tags/0/merged_into"), ("tag-round", "/tags/1/parent")],
        ),
        ([tag("a", group="g", parent="b"), tag("b", group="g")], [("tag-excludes-above", "/tags/0/group")]),
        ([tag("a", parent="b", group="g"), tag("b"), tag("c", group="g")], []),
    ],
)
def test_what_is_wrong_with_definitions(tags: list[dict[str, Any]], found: list[tuple[str, str]]) -> None:
    catalogue = Catalogue(Definitions.model_validate({"tags": tags}))

    assert found == [(one.code, one.path) for one in definition_findings(catalogue)]


def test_what_is_said_of_rules_that_name_tags_that_are_no_more() -> None:
    catalogue = Catalogue(
        Definitions.model_validate(
            {"tags": [tag("new"), tag("old", merged_into="new"), tag("gone", retired=True)]}
        )
    )
    document = parse_rule(
        rule(
            **{"if": {"type": "all", "of": [has("old"), has("gone")]}},
            then=[{"type": "add_tag", "tag": "old"}, {"type": "add_tag", "tag": "gone"}],
        )
    )

    found = {(one.code, one.path, one.severity) for one in check(document, catalogue, [])}
    assert {
        ("merged-tag", "/if/of/0/value", "warning"),
        ("retired-tag", "/if/of/1/value", "warning"),
        ("merged-tag", "/then/0/tag", "warning"),
        ("retired-tag-added", "/then/1/tag", "error"),
    } == found


def test_keywords_are_looked_for_in_texts_only() -> None:
    told = {"name": "size", "label": {"en": "size"}, "type": "number", "keywords": ["oil"]}
    event = {"name": "Message Received", "label": {"en": "message"}, "properties": [told]}

    def findings() -> list[tuple[str, str]]:
        catalogue = Catalogue(Definitions.model_validate({"events": [event]}))
        return [(one.code, one.path) for one in definition_findings(catalogue)]

    assert [("keywords-not-text", "/events/0/properties/0/keywords")] == findings()
    told["type"] = "text"
    assert [] == findings()


def test_every_code_has_a_case() -> None:
    said = Path(__file__).read_text()

    assert [] == [code for code in TAG_MESSAGES if f'"{code}"' not in said]


@pytest.mark.parametrize(
    ("said", "strict", "from_log"),
    [
        ("user value", "user-value", "user-value"),
        ("User_Life-Cycle", "user-life-cycle", "user-life-cycle"),
        ("whatever we liked", ValueError, None),
        (None, None, None),
    ],
)
def test_a_category_is_a_dimension_and_old_ones_still_load(said: Any, strict: Any, from_log: Any) -> None:
    whole = {"tags": [tag("a", category=said)]}

    assert from_log == Definitions.model_validate(whole, context=FROM_LOG).tags[0].category
    if strict is ValueError:
        with pytest.raises(ValueError, match="category"):
            Definitions.model_validate(whole)
    else:
        assert strict == Definitions.model_validate(whole).tags[0].category
