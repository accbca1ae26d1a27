"""Unusual words are planted wherever something personal may stand; nothing of them is left anywhere.

Before the erasure they are nowhere but in the vault, encrypted; afterwards not even that.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest
import structlog
from sqlalchemy import select, text

from api.app import log_plainly
from api.channels.smtp import MailServer, Smtp
from api.channels.webhook import Webhooks
from api.commands.ending import run
from api.crypto import Keyring, master_key
from api.service.composing import Composer
from api.service.deliver import Delivery
from api.service.proof.exporting import Wanted, export_to
from api.service.proof.integrity import check
from api.service.replaying import replay_log
from api.service.reporting import Reporting
from api.service.vault import Vault
from api.store.schema import MEMBER_KEY, OUTBOX, TASK, VAULT
from main import command_line
from tests.api.conftest import SECRET, Programme, running
from tests.api.test_erasing import TASKS
from tests.proof.test_sealing import PUBLIC
from tests.support.postgres import PostgresServer
from tests.support.server import free_port

MARKS: Final = (
    "zqxmail", "zqxother", "zqxold", "139777123", "159777456", "ZQXNAME", "ZQXFIRST", "玄虚街", "ZQXOPEN",
    "ZQXUNION", "ZQXCOMMENT", "ZQXANSWER", "ZQXREPLY", "ZQXREMARK", "zqxsecond", "ZQXNESTED",
)  # fmt: skip
ERASED: Final = ("m-77", "zqxsecond@zqx.example.com")
HISTORY: Final = """type,userId,timestamp,messageId,email,phone,name,event,total,order_id,comment
identify,m-77,2026-01-02T10:00:00Z,h1,zqxold@zqx.example.com,+8615977745601,ZQXNAME 1,,,,
track,m-77,2026-01-03T10:00:00Z,h2,,,,Order Completed,120,h-1,ZQXCOMMENT in a file
"""


class Place(NamedTuple):
    """Where a mark was found."""

    where: str
    mark: str


def found_in(where: str, content: bytes) -> Iterator[Place]:
    folded = content.lower()
    for mark in MARKS:
        for form in {mark, json.dumps(mark)[1:-1]}:
            if form.lower().encode() in folded:
                yield Place(where, mark)


def in_tables(programme: Programme) -> Iterator[Place]:
    """Look through every column of every row."""
    with programme.database.read() as connection:
        if programme.database.dialect == "sqlite":
            names = "SELECT name FROM sqlite_master WHERE type = 'table'"
        else:
            names = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        for table in connection.execute(text(names)).scalars().all():
            for row in connection.execute(text(f'SELECT * FROM "{table}"')):  # noqa: S608
                for value in row:
                    said = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                    yield from found_in(table, said)


def files_of(programme: Programme, server: PostgresServer | None) -> list[Path]:
    """Every file that the database keeps."""
    if server is None:
        return sorted(Path(str(programme.database.url.database)).parent.glob("regulars.db*"))
    with server.connect() as connection:
        connection.execute("CHECKPOINT")
        asked = "SELECT oid FROM pg_database WHERE datname = %s"
        (oid,) = connection.execute(asked, (programme.database.url.database,)).fetchone() or (0,)
    data = server.socket_folder / "data"
    return [
        one
        for folder in (data / "base" / str(oid), data / "pg_wal", server.socket_folder)
        for one in folder.glob("*")
        if one.is_file()
    ]


def in_files(files: list[Path]) -> list[Place]:
    return [place for one in files for place in found_in(one.name, one.read_bytes())]


def sent(programme: Programme, path: str, said: dict[str, Any]) -> None:
    answer = programme.backend().post(path, json=said)
    assert 200 == answer.status_code, answer.text


def plant(programme: Programme) -> None:
    """Tell something personal in every way there is."""
    programme.publish(TASKS)
    traits = {
        "email": "zqxmail@zqx.example.com",
        "phone": "+86 139 7771 2345",
        "name": "ZQXNAME 王",
        "firstName": "ZQXFIRST",
        "address": {"street": "玄虚街 7", "city": "ZQXNESTED"},
        "openid": "ZQXOPEN1",
        "unionid": "ZQXUNION1",
        "remark": "ZQXREMARK on the member",
    }
    sent(programme, "/v1/identify", {"userId": "m-77", "traits": traits})
    sent(programme, "/v1/identify", {"userId": ERASED[1], "traits": {"phone": "+8615977745602"}})
    properties = {
        "total": 120,
        "order_id": "o-1",
        "gift": {"to": "zqxother@zqx.example.com", "phone": "+8613977712345", "name": "ZQXNESTED"},
        "comment": "ZQXCOMMENT, please ring twice",
        "comments": [{"text": "ZQXCOMMENT in a list"}],
        "备注": "玄虚街",
    }
    for user in ERASED:
        order = {"userId": user, "event": "Order Completed", "properties": properties}
        sent(programme, "/v1/track", order)
    with programme.database.read() as connection:
        tasks = list(connection.execute(select(TASK.c.id).order_by(TASK.c.sequence)).scalars())
    for task in tasks[:1]:
        answers = {"rating": 4, "why": "ZQXANSWER told the staff"}
        done = {"answer": "ZQXREPLY: moves to 玄虚街", "outcome": "reached", "answers": answers}
        answer = programme.signed_in("marketer").post(f"/v1/tasks/{task}/done", json=done)
        assert 200 == answer.status_code, answer.text
    sent(programme, "/v1/alias", {"userId": "m-77", "previousId": ERASED[1]})


def mistaken(programme: Programme) -> None:
    """Let errors happen while something personal is asked for or told."""
    client = programme.signed_in("administrator")
    for search in ("zqxmail@zqx.example.com", "+8613977712345", "ZQXNAME"):
        assert 200 == client.get("/v1/members", params={"search": search}).status_code
    assert 404 == client.get("/v1/members/zqxother@zqx.example.com").status_code
    bad = {"userId": "m-77", "event": "Order Completed", "timestamp": "ZQXCOMMENT", "properties": []}
    assert 400 <= programme.backend().post("/v1/track", json=bad).status_code
    assert 400 <= programme.backend().post("/v1/track", content=b'{"userId": "zqxmail').status_code
    keyring = Keyring(master_key(SECRET, None))
    nowhere = MailServer("127.0.0.1", free_port(), "shop@example.com")
    Delivery(
        programme.database,
        programme.run,
        Composer(programme.services.rulebook, Vault(keyring), keyring),
        programme.clock,
        channels={"email": Smtp(nowhere), "console": Smtp(nowhere)},
        webhooks=Webhooks(),
    ).work()
    Reporting(
        programme.database,
        programme.run,
        programme.services.rulebook,
        programme.services.door,
        programme.services.ingest.submit,
    ).work()


def imported(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "elsewhere" / "history.csv"
    file.parent.mkdir()
    file.write_text(HISTORY, encoding="utf-8")
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("REGULARS_SECRET", SECRET)
    assert 0 == run(command_line(), ["import", str(file), "--mode", "as-it-was"])


@pytest.fixture
def logging_plainly() -> Iterator[None]:
    before = structlog.get_config()
    log_plainly()
    yield
    structlog.configure(**before)


@pytest.mark.usefixtures("logging_plainly")
def test_nothing_planted_is_left(
    url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    request: pytest.FixtureRequest,
) -> None:
    server = request.getfixturevalue("postgres_server") if url.startswith("postgresql") else None
    imported(url, tmp_path, monkeypatch)
    with running(url) as programme:
        plant(programme)
        mistaken(programme)
        with programme.database.read() as connection:
            sealed = [bytes(one) for one in connection.execute(select(VAULT.c.sealed)).scalars()]
            keys = [bytes(one) for one in connection.execute(select(MEMBER_KEY.c.wrapped)).scalars()]
        assert 15 < len(sealed)
        assert [] == list(in_tables(programme))
        assert [] == in_files(files_of(programme, server))
        export = programme.signed_in("administrator").get("/v1/members/m-77/export").text
        lacking = {mark for mark in MARKS if mark.lower() not in export.lower()}
        assert {"zqxold", "159777456"} == lacking, "an export tells all but what was replaced"

        erasing = programme.signed_in("administrator").post(
            "/v1/members/m-77/erase", json={"id": "r1", "why": "request 81"}
        )
        assert erasing.json()["clean"], erasing.text
        programme.services.sealing.seal()
        with programme.database.read() as connection:
            replayed, verified = replay_log(connection), check(connection, PUBLIC)
            export_to(connection, tmp_path / "elsewhere" / "proof", PUBLIC, Wanted(None, None, None, []))
            assert [] == connection.execute(select(VAULT)).all()
            left = set(connection.execute(select(OUTBOX.c.status)).scalars())
        assert ([], []) == (replayed.divergences, verified.wrong)
        assert (1, 1) == (replayed.erased, verified.erased)
        assert left <= {"suppressed", "delivered", "dead"}

        assert [] == list(in_tables(programme))
        files = files_of(programme, server)
        assert [] == in_files(files)
        if server is None:
            whole = [one.read_bytes() for one in files]
            assert [] == [one for one in (*sealed, *keys) if any(one in content for content in whole)]
        proof = sorted(one for one in (tmp_path / "elsewhere" / "proof").rglob("*") if one.is_file())
        assert [] == in_files(proof)
        again = programme.signed_in("administrator").get("/v1/members/m-77/export").content
        assert [] == list(found_in("export", again))
    said = capfd.readouterr()
    assert [] == list(found_in("log", (said.out + said.err).encode()))
    if server is None:
        assert [] == in_files(sorted(tmp_path.glob("regulars.db*")))
