"""What people read in the studio: sentences of drafts, and instants on the programme's clock."""

import pytest

from api.service.effect_wording import effect_text
from api.service.wording import trace_node
from engine.effects import AddTag, StartWait
from engine.language.catalogue import Catalogue
from engine.language.definitions import Definitions
from engine.language.parse import parse_rule
from engine.language.wording import sentence
from engine.trace import Trace
from tests.support.documents import JsonObject
from tests.support.life import at, rule

SHANGHAI = Catalogue(Definitions.model_validate({"programme": {"zone": "Asia/Shanghai"}}))
HISTORY: JsonObject = {"type": "history", "event": "Order Completed"}


@pytest.mark.parametrize(
    ("condition", "english", "chinese"),
    [
        ({"measure": "count", "op": "gte"}, "the order count is at least …", "下单次数不低于 …"),
        ({"measure": "last", "op": "is_known"}, "the time of the last order is known", "上次下单的时间已知"),
        (
            {"measure": "first", "op": "lt", "value": "2026-01-01T08:30:15Z"},
            "the time of the first order is less than 2026-01-01 08:30:15 (UTC)",
            "首次下单的时间小于 2026-01-01 08:30:15 (UTC)",
        ),
    ],
)
def test_a_condition_reads_well_before_it_is_finished(
    condition: JsonObject, english: str, chinese: str
) -> None:
    document = parse_rule(rule(**{"if": {**HISTORY, **condition}}))
    assert f"At each order, if {english}, then award 10 points." == sentence(document, Catalogue(), "en")
    assert f"每次下单时，如果{chinese}，则奖励 10 积分。" == sentence(document, Catalogue(), "zh-Hans")


def test_an_effect_tells_the_time_of_the_programme() -> None:
    tag = AddTag(id="e1", action=0, tag="vip", holder="rule:r", expires_at=at("2026-09-01 16:05"))
    assert {
        "en": "added tag “vip” until 2 Sept 2026, 00:05",
        "zh-Hans": "添加标签“vip”（至 2026年9月2日 00:05）",
    } == effect_text(tag, SHANGHAI)
    wait = StartWait(id="e2", action=0, due_at=at("2026-01-01"), resume=1)
    assert "waits until 1 Jan 2026, 08:00" == effect_text(wait, SHANGHAI)["en"]


def test_a_trace_gives_instants_as_instants() -> None:
    last = {**HISTORY, "measure": "last", "op": "gte", "value": "2026-01-01T00:00:00Z"}
    document = parse_rule(rule(**{"if": last}))
    read, compared = at("2026-03-01"), at("2026-01-01")
    node = trace_node(
        Trace(type="history", holds=True, path="/if", fact="f", read=read, compared=compared),
        document,
        SHANGHAI,
    )
    assert ("2026-03-01T00:00:00Z", "2026-01-01T00:00:00Z") == (node["read"], node["compared"])
