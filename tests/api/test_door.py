"""Ruling 20: personal values are taken out at the door."""

import json
from pathlib import Path
from typing import Any

import pytest

from api.crypto import Keyring
from api.service.calls import Call
from api.service.door import Door
from api.wire.exact import decode
from api.wire.segment import Reading, told_of
from engine.language.catalogue import Catalogue
from engine.language.definitions import Definitions
from engine.values import parse_instant
from tests.api.conftest import Programme

NOW = parse_instant("2026-11-20T12:00:00Z")
MARKERS = ["王小梅", "mei@example.com", "13800138000", "+4915112345678", "西湖区文三路 1 号", "wx-77"]


def admitted(said: dict[str, Any], catalogue: Catalogue | None = None) -> Call:
    told = told_of(decode(json.dumps(said).encode()), Reading(now=NOW))
    return Door(Keyring(bytes(32))).admit(told, "shop", catalogue or Catalogue())


def personal_call() -> dict[str, Any]:
    return {
        "type": "identify",
        "userId": "m1",
        "messageId": "i1",
        "traits": {
            "name": "王小梅",
            "Email": "mei@example.com",
            "phone": "13800138000",
            "address": {"street": "西湖区文三路 1 号", "city": "杭州"},
            "open_id": "wx-77",
            "city": "杭州",
            "family": [{"first_name": "王小梅", "age": 3}],
            "contact": "mei@example.com",
        },
    }


def test_no_personal_value_is_left() -> None:
    call = admitted(personal_call())
    left = json.dumps(call.properties, ensure_ascii=False) + str(call.user_id)

    assert not [marker for marker in MARKERS if marker in left]
    assert "杭州" == call.properties["city"]
    assert 3 == call.properties["family"][0]["age"]
    kept = {one.field: one.value for one in call.personal}
    assert {"name": "王小梅", "email": "mei@example.com", "phone": "13800138000"}.items() <= kept.items()
    assert {"email", "phone", "openid"} == {one.identity for one in call.personal if one.identity is not None}


def test_the_same_value_has_the_same_token_in_any_writing() -> None:
    one = admitted({"type": "identify", "userId": "m", "traits": {"email": "Mei@Example.com "}})
    two = admitted({"type": "identify", "userId": "m", "traits": {"email": "mei@example.com"}})
    three = admitted({"type": "track", "userId": "mei@EXAMPLE.com", "event": "E"})
    phones = [
        admitted({"type": "identify", "userId": "m", "traits": {"phone": text}}).properties["phone"]
        for text in ("13800138000", "+86 138 0013 8000", "138-0013-8000")
    ]

    assert one.properties == two.properties
    assert one.properties["email"] == three.user_id
    assert 1 == len(set(phones))


@pytest.mark.parametrize("user_id", ["m1", "00001", "10023457", "20261120001", "a@b"])
def test_ids_that_are_no_address_stay(user_id: str) -> None:
    assert user_id == admitted({"type": "track", "userId": user_id, "event": "E"}).user_id


@pytest.mark.parametrize("user_id", ["mei@example.com", "13800138000", "+4915112345678", "+86 13800138000"])
def test_ids_that_are_addresses_are_tokens(user_id: str) -> None:
    call = admitted({"type": "alias", "userId": user_id, "previousId": user_id})

    assert str(call.user_id).startswith("tok_")
    assert call.user_id == call.previous_id == call.properties["previous"]


def test_the_catalogue_decides() -> None:
    definitions = Definitions.model_validate(
        {
            "attributes": [{"name": "nickname", "label": {"en": "n"}, "type": "text", "personal": True}],
            "events": [
                {
                    "name": "Product Viewed",
                    "label": {"en": "v"},
                    "properties": [{"name": "name", "label": {"en": "product"}, "type": "text"}],
                }
            ],
        }
    )
    viewed = {"type": "track", "userId": "m", "event": "Product Viewed"}
    call = admitted({**viewed, "properties": {"name": "Tea", "nickname": "Mimi"}}, Catalogue(definitions))

    assert "Tea" == call.properties["name"]
    assert str(call.properties["nickname"]).startswith("tok_")


def test_a_retry_has_the_same_content() -> None:
    said = {**personal_call(), "timestamp": "2026-11-20T10:00:00Z", "sentAt": "2026-11-20T12:00:00Z"}
    later = {
        **said,
        "timestamp": "2026-11-20T18:00:00+08:00",
        "sentAt": "2026-11-20T12:01:00Z",
        "context": {},
    }
    other = {**said, "timestamp": "2026-11-20T10:00:01Z"}

    assert admitted(said).content == admitted(later).content != admitted(other).content


def test_nothing_personal_is_in_the_database_file(programme: Programme) -> None:
    client = programme.backend()
    assert 200 == client.post("/v1/identify", json=personal_call()).status_code
    client.post(
        "/v1/track", json={"userId": "mei@example.com", "event": "E", "properties": {"email": "x@y.zz"}}
    )
    programme.writer.close()

    path = Path(programme.settings.database_url.removeprefix("sqlite:///"))
    held = b"".join(one.read_bytes() for one in path.parent.glob(f"{path.name}*"))
    assert b"m1" in held
    assert not [marker for marker in (*MARKERS, "x@y.zz") if marker.encode() in held]


@pytest.mark.parametrize("search", ["m1", "MEI@example.com", "138 0013 8000", "m"])
def test_people_find_a_member_by_address(programme: Programme, search: str) -> None:
    programme.backend().post("/v1/identify", json=personal_call())
    client = programme.signed_in("auditor")

    found = client.get("/v1/members", params={"search": search}).json()["items"]
    shown = client.get("/v1/members/m1").json()

    assert ["m1"] == [one["id"] for one in found]
    assert {"name": "王***", "email": "m***@example.com", "phone": "***8000"}.items() <= shown[
        "personal"
    ].items()
    assert "杭州" == shown["attributes"]["city"]


def chat(text: object, *keywords: str, **more: Any) -> Call:
    properties = [
        {
            "name": "text",
            "label": {"en": "text"},
            "type": "text",
            "personal": True,
            "keywords": list(keywords),
        }
    ]
    said = {"events": [{"name": "Message Received", "label": {"en": "message"}, "properties": properties}]}
    return admitted(
        {
            "type": "track",
            "event": "Message Received",
            "userId": "m1",
            "messageId": "c1",
            "timestamp": "2026-11-20T11:00:00Z",
            "properties": {"text": text} | more,
        },
        Catalogue(Definitions.model_validate(said)),
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("我是敏感肌，换季就过敏", ["敏感肌"]),
        ("Boiled water, please", []),
        ("is the OIL\uff0cfree one back?", ["oil"]),
        ("ＯＩＬ and 敏感肌", ["敏感肌", "oil"]),
        ("敏感的肌肤", []),
        ("", []),
        (7, None),
    ],
)
def test_keywords_are_found_and_the_text_is_not_kept(text: object, found: list[str] | None) -> None:
    call = chat(text, "敏感肌", "oil")

    assert found == call.properties.get("text_keywords")
    assert text != call.properties["text"] or text == ""
    assert not isinstance(text, str) or text not in str(call.properties) or text == ""
    assert [str(text)] == [one.value for one in call.personal]


def test_another_list_of_keywords_makes_no_other_message() -> None:
    assert chat("敏感肌", "敏感肌").content == chat("敏感肌", "oil").content
    assert chat("敏感肌").content != chat("油皮").content


def test_where_no_words_are_declared_nothing_is_found() -> None:
    assert "text_keywords" not in chat("敏感肌").properties
    assert ["oil"] == chat(None, "敏感肌", text_keywords=["oil"]).properties["text_keywords"]
