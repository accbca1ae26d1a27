"""What auditors are told over HTTP."""

import io
import subprocess
import sys
import time
import zipfile
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from api.service.proof.exporting import KIT
from api.service.proof.note import read, verified
from api.service.proof.tree import leaf_hash
from tests.api.conftest import Programme
from tests.proof.conftest import ENTRIES, unguard
from tests.proof.test_sealing import PUBLIC
from tests.proof.test_tree import holds, leads


@pytest.fixture
def auditor(sealed: Programme) -> TestClient:
    return sealed.signed_in("auditor")


def test_checkpoints(auditor: TestClient) -> None:
    first = auditor.get("/v1/checkpoints", params={"limit": 1}).json()
    second = auditor.get("/v1/checkpoints", params={"limit": 1, "before": first["next"]}).json()
    sizes = [one["checkpoints"][0]["size"] for one in (first, second)]

    assert sizes == sorted(sizes, reverse=True)
    assert second["next"] is None
    assert first["checkpoints"][0] | {"key": first["key"]} == auditor.get("/v1/checkpoints/latest").json()
    for page in (first, second):
        (one,) = page["checkpoints"]
        assert verified(one["note"], PUBLIC).size == one["size"]


def test_the_newest_is_a_continuation(auditor: TestClient) -> None:
    latest, earlier = auditor.get("/v1/checkpoints").json()["checkpoints"]
    told = auditor.get("/v1/checkpoints/latest", params={"since": earlier["size"]}).json()["consistency"]
    roots = [read(one["note"]).root for one in (earlier, latest)]

    path = [b64decode(one) for one in told["path"]]
    assert (roots[0], roots[1]) == leads(told["from"], told["to"], roots[0], path)


def test_every_entry_is_under_the_newest(auditor: TestClient) -> None:
    root = read(auditor.get("/v1/checkpoints/latest").json()["note"]).root
    for sequence in range(1, ENTRIES + 1):
        told = auditor.get(f"/v1/proofs/{sequence}").json()
        path = [b64decode(one) for one in told["path"]]
        record = told["record"].encode()
        assert root == holds(record, told["place"], told["size"], path)
        assert leaf_hash(record) != root


def test_a_proof_to_take_away(auditor: TestClient, tmp_path: Path) -> None:
    answer = auditor.get("/v1/proofs", params={"member": "m3"})
    assert "application/zip" == answer.headers["content-type"]
    (tmp_path / "proof.zip").write_bytes(answer.content)
    names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    done = subprocess.run(
        [sys.executable, "-I", KIT / "verify.py", tmp_path / "proof.zip"], capture_output=True, check=False
    )

    assert {"verify.py", "README.md", "pubkey.txt", "proof.json", "records.jsonl"} <= set(names)
    assert 0 == done.returncode


@pytest.mark.parametrize(
    ("path", "status", "told"),
    [
        ("/v1/proofs/999999", 404, "no such entry"),
        ("/v1/proofs/0", 422, ""),
        ("/v1/proofs/x", 422, ""),
        ("/v1/checkpoints/latest?since=999999", 422, "ask below it"),
        ("/v1/checkpoints?limit=501", 422, ""),
        ("/v1/proofs?member=nobody", 404, "no entry of a member"),
        ("/v1/proofs?from=noon", 422, "RFC 3339"),
        ("/v1/proofs?from=2026-01-02T00:00:00Z&until=2026-01-01T00:00:00Z", 422, "The range is empty"),
        ("/v1/proofs?until=2000-01-01T00:00:00Z", 404, "No sealed entry"),
    ],
)
def test_what_cannot_be_answered(auditor: TestClient, path: str, status: int, told: str) -> None:
    answer = auditor.get(path)

    assert status == answer.status_code
    assert told in answer.json()["detail"]


def checked(auditor: TestClient) -> dict[str, Any]:
    """Ask for a check and wait for what it found."""
    said = dict(auditor.post("/v1/verification").json())
    while said["status"] == "running":
        time.sleep(0.01)
        said = dict(auditor.get("/v1/verification").json())
    return said


def test_the_log_is_checked_when_an_auditor_asks(sealed: Programme, auditor: TestClient) -> None:
    nothing = {"status": "none", "started_at": None, "checked": 0, "report": None}
    assert nothing == auditor.get("/v1/verification").json()
    found = checked(auditor)
    assert ("done", ENTRIES, []) == (found["status"], found["checked"], found["report"]["wrong"])
    with sealed.database.write() as connection:
        unguard(sealed.database, connection)
        connection.execute(text("UPDATE event SET properties = :said WHERE sequence = 3"), {"said": b"{}"})
    assert ["event 3"] == [one["row"] for one in checked(auditor)["report"]["wrong"]]
    assert 403 == sealed.signed_in("marketer").post("/v1/verification").status_code
