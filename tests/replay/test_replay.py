"""Replay decides from the log alone and names every difference; projecting equals deciding."""

import os
import subprocess
import sys
from itertools import pairwise
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.decide import decide
from engine.decision import Decision
from engine.diverging import Divergence
from engine.errors import InvalidRule
from engine.language.catalogue import Catalogue
from engine.language.check import check
from engine.language.parse import parse_rule
from engine.matching import NetworkMatching
from engine.project import project
from engine.replay import replay
from engine.state import MemberState, pack, unpack
from tests.support.documents import DOCUMENTS
from tests.support.life import ORDER, Life, Programme, rule

ABSENT = {"type": "absence", "event": ORDER, "for": {"days": 30}}


def busy_life() -> Life:
    """A member with tags, points, coupons, waits and chains."""
    life = Life(
        rule(key="lapse", when=ABSENT, then=[{"type": "add_tag", "tag": "churn-risk"}]),
        rule(
            key="coupon",
            when={"type": "event", "event": "Tag Added"},
            then=[{"type": "issue_coupon", "coupon": "BACK", "valid_for": {"months": 1}}],
        ),
        rule(
            key="points",
            then=[
                {"type": "award_points_by_amount", "points_per_unit": "1", "fact": "event.total"},
                {"type": "wait", "for": {"days": 2}},
                {"type": "send_message", "channel": "sms", "template": "thanks"},
            ],
            limits={"total": 100, "per_member": {"times": 3, "within": {"days": 60}}},
        ),
        rule(
            key="back",
            **{"if": {"type": "compare", "fact": "member.tags", "op": "has", "value": "churn-risk"}},
            then=[{"type": "remove_tag", "tag": "churn-risk"}],
        ),
    )
    for number, day in enumerate(("2026-01-01", "2026-01-20", "2026-03-15", "2026-03-16", "2026-07-01")):
        life.track(day, total=f"{number + 1}9.95")
    return life.until("2026-12-01")


class TestReplay:
    def test_untouched_log_has_no_divergence(self) -> None:
        """A log decided again gives the same bytes, and the same state."""
        life = busy_life()
        report = replay("m1", life.logged, life.programme.decider)

        assert [] == report.divergences
        assert len(life.logged) == report.checked
        assert pack(life.state) == pack(report.state)

    @pytest.mark.parametrize(
        ("change", "path"),
        [
            ({"digest": "0" * 64}, "digest"),
            ({"content": "other"}, "digest"),
            ({"body": None}, "decision"),
        ],
    )
    def test_changed_record_is_named(self, change: dict[str, Any], path: str) -> None:
        """Each changed part of a record is found at its own decision."""
        life = busy_life()
        place = 1
        log = [*life.logged]
        log[place] = msgspec.structs.replace(log[place], **change)
        found = replay("m1", log, life.programme.decider).divergences

        assert found
        assert log[place].sequence == found[0].decision
        assert found[0].path.startswith(path)

    def test_changed_effect_is_named_with_both_values(self) -> None:
        """If a stored amount was altered, replay says where, and both values."""
        life = busy_life()
        first = life.logged[0]
        assert first.body is not None
        forged = first.body.replace(b'"points":19', b'"points":18')
        assert forged != first.body
        log = [msgspec.structs.replace(first, body=forged), *life.logged[1:]]

        assert [
            Divergence(
                member="m1", decision=1, path="decision/outcomes/0/effects/0/points", recorded=18, replayed=19
            )
        ] == replay("m1", log, life.programme.decider).divergences

    def test_timer_that_was_left_out_is_named(self) -> None:
        """A log without a timer that was ripe is not what would have been decided."""
        life = busy_life()
        timers = [place for place, one in enumerate(life.logged) if one.event.kind == "timer"]
        log = [one for place, one in enumerate(life.logged) if place != timers[0]]

        assert "timer" in {one.path for one in replay("m1", log, life.programme.decider).divergences}

    def test_every_single_flipped_byte_of_a_body_is_found(self) -> None:
        """Whatever byte of a stored decision is changed, its decision is named."""
        life = busy_life()
        place = next(at for at, one in enumerate(life.logged) if one.body and len(one.body) > 600)
        body = life.logged[place].body or b""
        for at in range(0, len(body), 7):
            forged = body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :]
            log = [*life.logged]
            log[place] = msgspec.structs.replace(log[place], body=forged)
            found = replay("m1", log, life.programme.decider).divergences

            assert log[place].sequence in {one.decision for one in found}, f"byte {at}"


def test_network_decides_as_the_reference() -> None:
    """A log that the reference decided is replayed by the network without a difference."""
    life = busy_life()
    networks = {number: NetworkMatching(index) for number, index in life.programme.indexes.items()}

    def decider(revision: int) -> Any:
        return life.programme.indexes[revision], networks[revision]

    assert [] == replay("m1", life.logged, decider).divergences
    for network in networks.values():
        network.close()


def test_projecting_a_decision_gives_the_state_of_deciding() -> None:
    """`project` takes a decision as it is and comes to the same member as `fold`."""
    life = busy_life()
    state = MemberState(member="m1")
    index = life.programme.index
    for event, decided in life.decided:
        state = project(state, event, decided.decision, index, chain=decided.digest)

    assert pack(life.state) == pack(state)


def test_state_survives_its_row() -> None:
    """A state is the same after it was packed and unpacked, decimals and all."""
    life = busy_life()

    assert life.state == unpack(pack(life.state))


@st.composite
def stories(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[tuple[int, str, dict[str, Any]]]]:
    """Some rules that compile, and some events with hours between them."""
    documents = [
        one | {"key": f"r{place}"}
        for place, one in enumerate(draw(st.lists(DOCUMENTS, min_size=1, max_size=4)))
    ]
    events = draw(
        st.lists(
            st.tuples(
                st.integers(0, 2000),
                st.sampled_from([ORDER, "Product Viewed", "Coffee Spilled"]),
                st.fixed_dictionaries(
                    {},
                    optional={
                        "total": st.sampled_from([1, 50, "99.95"]),
                        "channel": st.sampled_from(["app", "店"]),
                    },
                ),
            ),
            min_size=1,
            max_size=8,
        )
    )
    return documents, events


@settings(max_examples=250, suppress_health_check=list(HealthCheck))
@given(stories())
def test_any_story_replays(story: tuple[list[dict[str, Any]], list[tuple[int, str, dict[str, Any]]]]) -> None:
    """Whatever the rules and events, the log replays, and projecting equals deciding."""
    documents, events = story
    programme = Programme()
    for document in documents:
        try:
            if not [
                one
                for one in check(parse_rule(document), Catalogue())
                if one.severity == "error" and not one.code.startswith("unknown")
            ]:
                programme.publish(document)
        except InvalidRule:
            continue
    life = Life(programme=programme)
    hours = 0
    for wait, name, properties in events:
        hours += wait
        day, hour = divmod(hours, 24)
        life.track(f"{2026 + day // 365}-01-{1 + day % 28:02} {hour:02}:00", name, **properties)
        if len(life.logged) > 300:
            break
    report = replay("m1", life.logged, programme.decider)
    state = MemberState(member="m1")
    for event, decided in life.decided:
        assert decided.decision == decide_again(state, event, decided.decision, programme)
        state = project(state, event, decided.decision, programme.index, chain=decided.digest)

    assert [] == report.divergences
    assert pack(life.state) == pack(report.state) == pack(state)


def decide_again(state: MemberState, event: Any, decision: Decision, programme: Programme) -> Decision:
    index, matching = programme.decider(decision.revision)
    return decide(state, event, index, matching, decision.grants)


def test_unrelated_rule_changes_no_other_decision() -> None:
    """Another rule on another event leaves every outcome as it was."""
    alone = busy_life()
    other = Life(programme=_with_unrelated())
    for number, day in enumerate(("2026-01-01", "2026-01-20", "2026-03-15", "2026-03-16", "2026-07-01")):
        other.track(day, total=f"{number + 1}9.95")
    other.until("2026-12-01")

    assert alone.effects == other.effects


def _with_unrelated() -> Programme:
    programme = Programme()
    for document in [one.rule.document.plain() for one in busy_life().programme.index.standing]:
        programme.publish(document)
    programme.publish(rule(key="unrelated", when={"type": "event", "event": "Checked In"}))
    return programme


def test_two_hash_seeds_and_zones_give_one_digest() -> None:
    """Another process with another hash seed, time zone and language decides the same bytes."""
    script = "from tests.replay.test_replay import busy_life; print(busy_life().state.chain)"
    digests = set()
    for seed, zone in (("0", "UTC"), ("1", "Asia/Shanghai"), ("4242", "America/New_York")):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LANG": "zh_CN.UTF-8"}
        done = subprocess.run(
            [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
        )
        digests.add(done.stdout.strip())

    assert {busy_life().state.chain} == digests


def test_chain_links_each_entry_to_the_one_before() -> None:
    """No two entries of a life share a digest, and each names its predecessor."""
    digests = [one.digest for one in busy_life().logged]

    assert len(digests) == len({*digests})
    assert all(one != other for one, other in pairwise(digests))
