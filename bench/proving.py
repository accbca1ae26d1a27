"""Proof: how fast the script that goes with a proof checks it, beside hashing the same bytes bare.

    python -m bench.proving [--records 300000] [--runs 5]

The records are invented, of the size of real ones; every fourth has a decision that is kept. They are
chained, sealed and signed as the log's are. The start of the interpreter is a part of what is measured.
"""

import argparse
import hashlib
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from api.crypto import Keyring
from api.service.proof.exporting import KIT
from api.service.proof.note import Checkpoint, Key, signed
from api.service.proof.record import event_bytes, leaf_bytes
from api.service.proof.tree import Growing, leaf_hash
from api.store.seals import StoredEntry
from bench.figures import ratio, show, spread
from engine import canonical

_MEMBERS = 20_000
_ORIGIN = "bench/log"
_LINES = ("records", "events", "decisions")


def entry_of(number: int, place: int, previous: str | None) -> StoredEntry:
    """Return an order, and what was decided on it."""
    said: dict[str, Any] = {
        "currency": "CNY",
        "items": [{"category": "tea", "price": "29.95", "quantity": 2, "sku": f"A{number % 500}"}],
        "order_id": f"order-{number}",
        "store": f"store-{number % 90}",
        "total": "59.9",
    }
    outcome = {"effects": [{"id": f"{number:032x}", "points": 59, "type": "award_points"}], "rule": "points"}
    body = canonical.encode({"as_of": number, "outcomes": [outcome], "sequence": place, "steps": [said]})
    entry = StoredEntry(
        sequence=number + 1,
        source="shop",
        message_id=f"till-7-{number}",
        member=f"m{number % _MEMBERS}",
        member_sequence=place,
        kind="track",
        name="Order Completed",
        occurred_at=1_790_000_000_000_000 + number,
        recorded_at=1_790_000_000_000_000 + number,
        as_of=1_790_000_000_000_000 + number,
        mode="live",
        zone="Asia/Shanghai",
        revision=0,
        properties=canonical.encode(said),
        content=canonical.digest(said),
        digest="",
        body=None if number % 4 else body,
        about=None,
        previous=previous,
        rules=None,
        place=None,
        hashes=None,
    )
    chained = b"\n".join(((previous or "").encode(), event_bytes(entry), entry.content.encode(), body))
    return entry._replace(digest=canonical.digest_bytes(chained))


def write(folder: Path, records: int) -> None:
    """Write a proof of so many records."""
    tree, keyring = Growing(), Keyring(b"b" * 32)
    digests: dict[int, str | None] = dict.fromkeys(range(_MEMBERS))
    with ExitStack() as stack:
        files = [stack.enter_context((folder / f"{one}.jsonl").open("wb")) for one in _LINES]
        for number in range(records):
            member = number % _MEMBERS
            entry = entry_of(number, number // _MEMBERS + 1, digests[member])
            digests[member] = entry.digest
            event = event_bytes(entry)
            record = leaf_bytes(entry, event)
            tree.add(leaf_hash(record))
            for file, line in zip(files, (record, event, entry.body or b"null"), strict=True):
                file.write(line + b"\n")
    checkpoint = Checkpoint(_ORIGIN, records, tree.root(), 1_790_000_000_000_000)
    (folder / "checkpoints").mkdir()
    (folder / "checkpoints" / f"{records}.txt").write_text(signed(checkpoint, keyring), encoding="utf-8")
    (folder / "pubkey.txt").write_text(f"{Key(_ORIGIN, keyring.sealing_key).text}\n", encoding="utf-8")
    (folder / "controls.jsonl").touch()
    (folder / "rules").mkdir()
    files_of = {name: (KIT / name).read_bytes() for name in ("README.md", "verify.py")}
    for name, raw in files_of.items():
        (folder / name).write_bytes(raw)
    proof = {
        "checkpoints": [records],
        "files": {name: canonical.digest_bytes(raw) for name, raw in files_of.items()},
        "places": [[0, records]],
        "subtrees": [],
        "v": 1,
    }
    (folder / "proof.json").write_bytes(canonical.encode(proof))


def checked(folder: Path) -> float:
    """Check the proof; return the seconds."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-I", folder / "verify.py", folder], capture_output=True, check=True
    )
    taken = time.perf_counter() - start
    assert b"everything holds" in done.stdout
    return taken


def hashed(folder: Path) -> float:
    """Hash each line that is checked once; return the seconds."""
    start = time.perf_counter()
    for name in _LINES:
        with (folder / f"{name}.jsonl").open("rb") as file:
            for line in file:
                hashlib.sha256(line).digest()
    return time.perf_counter() - start


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=300_000)
    parser.add_argument("--runs", type=int, default=5)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        write(folder, asked.records)
        rates, bare = [], []
        for _ in range(asked.runs):
            rates.append(asked.records / checked(folder))
            bare.append(asked.records / hashed(folder))
    show(
        ["records", "verify.py records/s", "bare hashing records/s", "ratio"],
        [[str(asked.records), spread(rates), spread(bare), ratio(rates, bare)]],
    )


if __name__ == "__main__":
    main()
