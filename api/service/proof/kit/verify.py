"""Check a proof that Regulars exported, trusting neither Regulars nor whoever runs it.

    python3 -I verify.py DIR-OR-ZIP [--key NAME+ID+KEY] [--checkpoint FILE]...

It needs Python 3.8 or newer and nothing else, and shares no code with Regulars. README.md, beside
it, says in words what it checks. Exit code: 0 everything holds, 1 something doesn't, 2 misuse.

--key         the public key that you were given by another way than with the proof
--checkpoint  a checkpoint that you kept; the log must be a continuation of what it says
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import sys
import zipfile
import zlib
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any, Dict, List, Tuple

SHOWN = 20
LINE_END = ord("\n")
PARTS = ["checkpoints", "files", "places", "subtrees", "v"]
FILES = ["README.md", "verify.py"]
LINES = ["records", "events", "decisions"]
sha256 = hashlib.sha256


class Bad(Exception):
    """Something that makes the rest pointless to check."""


# ---- Ed25519: RFC 8032, section 5.1.7, with the formulas of its section 5.1.4

Point = Tuple[int, int, int, int]
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_1 = pow(2, (P - 1) // 4, P)


def add_points(a: Point, b: Point) -> Point:
    """Add two points in extended coordinates."""
    s, t = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    u, v = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = t - s, v - u, v + u, t + s
    return e * f % P, g * h % P, f * g % P, e * h % P


def multiply(number: int, point: Point) -> Point:
    """Multiply a point by a number."""
    total: Point = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = add_points(total, point)
        point = add_points(point, point)
        number >>= 1
    return total


def point_of(data: bytes) -> Point | None:
    """Return the point that 32 bytes encode, or None."""
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & ((1 << 255) - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_1 % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


BASE = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little")) or (0, 1, 1, 0)


def signature_holds(key: bytes, said: bytes, signature: bytes) -> bool:
    """Return whether an Ed25519 signature of some bytes is a key's."""
    if len(key) != 32 or len(signature) != 64:
        return False
    a, r, s = point_of(key), point_of(signature[:32]), int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= ORDER:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + said).digest(), "little") % ORDER
    left, right = multiply(s, BASE), add_points(r, multiply(h, a))
    same = [(left[one] * right[2] - right[one] * left[2]) % P for one in (0, 1)]
    return same == [0, 0]


# ---- Keys and checkpoints: C2SP signed-note and tlog-checkpoint

NOTE = re.compile(
    r"(([^\s+]+)\n(0|[1-9][0-9]*)\n([A-Za-z0-9+/]{43}=)\ntime [0-9T:.-]+Z\n)"
    r"\n\u2014 ([^\s+]+) ([A-Za-z0-9+/]{91}=)\n"
)


def encoded(data: bytes) -> str:
    """Return bytes in base64."""
    return base64.b64encode(data).decode()


def read_key(text: str) -> tuple[str, bytes]:
    """Return the name and the 32 bytes of a key written as NAME+ID+KEY."""
    try:
        name, _, key = text.split("+", 2)
        data = base64.b64decode(key, validate=True)
    except ValueError:
        raise Bad("the key isn't of the form NAME+ID+KEY") from None
    if (
        data[:1] != b"\1"
        or len(data) != 33
        or text != f"{name}+{key_id(name, data[1:]).hex()}+{encoded(data)}"
    ):
        raise Bad("the key isn't an Ed25519 key, or its id isn't of its name and bytes")
    return name, data[1:]


def key_id(name: str, key: bytes) -> bytes:
    """Return the four bytes by which a signature names its key."""
    return sha256(name.encode() + b"\n\x01" + key).digest()[:4]


def read_note(raw: bytes, name: str, key: bytes, what: str) -> tuple[int, bytes]:
    """Return the size and the root that a signed checkpoint says."""
    try:
        found = NOTE.fullmatch(raw.decode())
    except UnicodeDecodeError:
        found = None
    if found is None:
        raise Bad(f"{what} is not a signed checkpoint")
    said, origin, size, root, signer, signed = found.groups()
    signature, top = base64.b64decode(signed), base64.b64decode(root)
    if not origin == signer == name or signature[:4] != key_id(name, key):
        raise Bad(f"{what} is signed by another key")
    if (
        encoded(signature) != signed
        or encoded(top) != root
        or not signature_holds(key, said.encode(), signature[4:])
    ):
        raise Bad(f"{what} has a wrong signature")
    return int(size), top


# ---- The tree: RFC 6962, section 2.1


class Tree:
    """A Merkle tree that grows at its right end; only the full subtrees that make it up are kept."""

    def __init__(self) -> None:
        """Begin with no leaf."""
        self.size = 0
        self.peaks: List[bytes] = []

    def add(self, hashed: bytes, level: int = 0) -> None:
        """Add a full subtree of `2**level` leaves by its hash."""
        number, peaks = self.size >> level, self.peaks
        self.size += 1 << level
        while number & 1:
            hashed = sha256(b"\x01" + peaks.pop() + hashed).digest()
            number >>= 1
        peaks.append(hashed)

    def root(self) -> bytes:
        """Return the root."""
        root = self.peaks[-1]
        for one in reversed(self.peaks[:-1]):
            root = sha256(b"\x01" + one + root).digest()
        return root


# ---- What was exported


class Bundle:
    """A folder or a zip file, and what is found wrong in it."""

    def __init__(self, path: Path, wrong: list[str]) -> None:
        """Open it."""
        self.zip = None if path.is_dir() else zipfile.ZipFile(path)
        self.path, self.wrong = path, wrong

    def open(self, name: str) -> IO[bytes]:
        """Open a file of it."""
        return (self.path / name).open("rb") if self.zip is None else self.zip.open(name)

    def read(self, name: str) -> bytes:
        """Read a whole file of it."""
        with self.open(name) as file:
            return file.read()

    def rules(self) -> set[str]:
        """Return the names of the rule files."""
        if self.zip is None:
            return {one.name for one in (self.path / "rules").glob("*")}
        return {one[6:] for one in self.zip.namelist() if one.startswith("rules/") and one != "rules/"}


RECORD = re.compile(
    rb'\{"content":"([^"]*)","decision":(null|"[^"]*"),"digest":"([^"]*)","event":"([^"]*)",'
    rb'"place":([0-9]+),"previous":"([^"]*)","revision":([0-9]+),"rules":"([^"]*)","sequence":([0-9]+),"v":1\}\n'
)
EVENT = re.compile(
    rb'\{"as_of":-?[0-9]+,"kind":"[^"]*","member":"([^"\\]*(?:\\.[^"\\]*)*)","member_sequence":([0-9]+),'
)


match_record, match_event = RECORD.fullmatch, EVENT.match


class Records:
    """Checks record after record, each with its event, its decision and the member's record before."""

    def __init__(self, wrong: list[str], rules: dict[bytes, bytes]) -> None:
        """Begin with no record."""
        self.wrong, self.rules = wrong, rules
        self.heads: Dict[bytes, Tuple[int, bytes]] = {}
        self.count, self.sequence = 0, -1

    def take(self, place: int, line: bytes, event: bytes, decision: bytes) -> bytes:
        """Check a record and return the hash of its leaf."""
        found, told = match_record(line), match_event(event)
        if found is None or told is None or event[-1] != LINE_END or decision[-1] != LINE_END:
            raise Bad(f"the record of place {place} isn't of the form that README.md says")
        content, decided, digest, of_event, turn, previous, revision, rules, sequence = found.groups()
        event, decision = event[:-1], decision[:-1]
        if sha256(event).hexdigest().encode() != of_event or told[2] != turn:
            self.wrong.append(f"entry {sequence.decode()}: the event isn't the one that the record names")
        if decided == b"null":
            held = decision == b"null"
        else:
            chained = sha256(b"\n".join((previous, event, content, decision))).hexdigest()
            held = sha256(decision).hexdigest().encode() == decided[1:-1] and chained.encode() == digest
        if not held:
            self.wrong.append(f"entry {sequence.decode()}: the decision isn't the one that the record names")
        number, turn = int(sequence), int(turn)
        if self.rules.get(revision, b"") != rules or number <= self.sequence:
            self.wrong.append(f"entry {sequence.decode()}: the rules or the order aren't those of the log")
        member = told[1]
        if not self.linked(member, turn, previous, place):
            self.wrong.append(
                f"entry {sequence.decode()}: it doesn't follow from the member's entry before it"
            )
        self.heads[member] = (turn, digest)
        self.count += 1
        self.sequence = number
        return sha256(b"\x00" + line[:-1]).digest()

    def linked(self, member: bytes, turn: int, previous: bytes, place: int) -> bool:
        """Return whether a record follows from the member's one before, or that one isn't in the proof."""
        head = self.heads.get(member)
        if head is None:
            return (turn == 1) == (not previous) and (turn == 1 or place > self.count)
        return previous == head[1] if turn == head[0] + 1 else turn > head[0] and place > self.count


def check_tree(bundle: Bundle, proof: dict[str, Any], roots: dict[int, bytes], records: Records) -> None:
    """Check that the records, with the subtrees between them, give the root of every checkpoint."""
    tree, subtrees, size = Tree(), iter(proof["subtrees"]), max(roots)

    def add(hashed: bytes, level: int = 0) -> None:
        tree.add(hashed, level)
        if tree.size in roots and tree.root() != roots[tree.size]:
            bundle.wrong.append(f"the records don't give the root of the checkpoint of {tree.size} entries")

    with ExitStack() as stack:
        files = [stack.enter_context(bundle.open(f"{one}.jsonl")) for one in LINES]
        records_in, events_in, decisions_in = (one.readline for one in files)
        for start, end in [*proof["places"], [size, size]]:
            while tree.size < start:
                level, number, hashed = next(subtrees, (0, -1, ""))
                if number << level != tree.size or tree.size + (1 << level) > start:
                    raise Bad(f"proof.json lacks the leaves from {tree.size} on")
                add(base64.b64decode(hashed), level)
            if tree.size != start or end < start:
                raise Bad(f"proof.json names the places from {start} on twice")
            for place in range(start, end):
                add(records.take(place, records_in(), events_in(), decisions_in()))
        if any(one.read(1) for one in files) or next(subtrees, None):
            raise Bad("there is more than proof.json says")


def check_rules(bundle: Bundle) -> dict[bytes, bytes]:
    """Check the control entries and the rules they put in force; return each revision's digest."""
    found, files, previous = {}, set(), None
    for number, line in enumerate(bundle.read("controls.jsonl").splitlines(keepends=True), start=1):
        control = json.loads(line)
        if line[-1:] != b"\n" or (control["revision"], control.get("previous")) != (number, previous):
            raise Bad(f"control entry {number} doesn't follow from the one before it")
        previous = sha256(line[:-1]).hexdigest()
        found[b"%d" % number] = previous.encode()
        if control["name"] == "Rule Published":
            files.add(sha256(canonical(control["body"]["document"])).hexdigest() + ".json")
    if bundle.rules() != files:
        raise Bad("rules/ doesn't hold the rules that the control entries put in force")
    for one in sorted(files):
        if sha256(bundle.read(f"rules/{one}")).hexdigest() != one[:-5]:
            bundle.wrong.append(f"rules/{one} was changed")
    return found


def canonical(data: object) -> bytes:
    """Return JSON data as RFC 8785 has it: there are no floats in it."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def check(bundle: Bundle, given: str | None, kept: list[Path]) -> str:
    """Check everything; return what was checked, in words."""
    raw = bundle.read("proof.json")
    proof = json.loads(raw)
    if (
        canonical(proof) != raw
        or sorted(proof) != PARTS
        or proof["v"] != 1
        or sorted(proof["files"]) != FILES
    ):
        raise Bad("proof.json is not as it was written")
    for one, digest in proof["files"].items():
        if sha256(bundle.read(one)).hexdigest() != digest:
            bundle.wrong.append(f"{one} was changed")
    text = bundle.read("pubkey.txt").decode()
    name, key = read_key(text[:-1])
    if text[-1:] != "\n" or given not in (None, text[:-1]):
        raise Bad(f"the key that you gave isn't the one of the proof: {text.strip()}")
    roots = check_checkpoints(bundle, proof["checkpoints"], kept, name, key)
    check_tree(bundle, proof, roots, Records(bundle.wrong, check_rules(bundle)))
    count, source = sum(end - start for start, end in proof["places"]), "the one that you gave"
    if given is None:
        source = "from the proof itself: compare it with the one that you were given"
    return f"{count} of {max(roots)} entries of {name}, {len(roots)} checkpoints\nkey {text[:-1]} ({source})"


def check_checkpoints(
    bundle: Bundle, sizes: list[int], kept: list[Path], name: str, key: bytes
) -> dict[int, bytes]:
    """Check every checkpoint's signature, and those that were kept; return the roots by size."""
    roots = {}
    for size in sizes:
        found, root = read_note(bundle.read(f"checkpoints/{size}.txt"), name, key, f"checkpoints/{size}.txt")
        if found != size:
            raise Bad(f"checkpoints/{size}.txt is of {found} entries")
        roots[size] = root
    for one in kept:
        size, root = read_note(one.read_bytes(), name, key, str(one))
        if size not in roots:
            raise Bad(f"{one} is of {size} entries, and the proof doesn't cover it: ask for one --since it")
        if roots[size] != root:
            raise Bad(f"{one} says another root of {size} entries: the log was rewritten")
    return roots


def verdict(path: Path, key: str | None, kept: list[Path]) -> tuple[str, list[str]]:
    """Return what was checked, in words, and everything that is wrong."""
    wrong: list[str] = []
    try:
        return check(Bundle(path, wrong), key, kept), wrong
    except (Bad, zipfile.BadZipFile, zlib.error, EOFError) as error:
        wrong.append(str(error) or "the zip file is cut off")
    except (AttributeError, IndexError, KeyError, OSError, TypeError, ValueError) as error:
        wrong.append(f"the proof can't be read: {type(error).__name__}: {error}")
    return "the check was broken off", wrong


def main() -> int:
    """Check what the command line names."""
    parser = argparse.ArgumentParser(description="Check a proof that Regulars exported.")
    parser.add_argument("proof", type=Path, help="the folder or the zip file")
    parser.add_argument("--key", help="public key that you were given: NAME+ID+KEY")
    parser.add_argument(
        "--checkpoint", type=Path, action="append", default=[], help="a checkpoint that you kept"
    )
    asked = parser.parse_args()
    if not asked.proof.exists():
        parser.error(f"{asked.proof} does not exist")
    told, wrong = verdict(asked.proof, asked.key, asked.checkpoint)
    print(told)
    for one in wrong[:SHOWN]:
        print(f"WRONG: {one}")
    print(f"{len(wrong)} things are wrong" if wrong else "everything holds")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
