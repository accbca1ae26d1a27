"""Checkpoints as signed notes: C2SP tlog-checkpoint, signed-note, Ed25519.

The text has the origin, the size and the root, and as an extension line when
the checkpoint was made. A note is read strictly: there is one way to write it,
so that no byte of it can be another.
"""

import base64
import binascii
import hashlib
import re
from typing import Final, NamedTuple

from api.crypto import Keyring, signature_holds
from engine.errors import InvalidValue
from engine.values import Instant, instant_text, parse_instant

_ED25519: Final = b"\x01"
_DASH: Final = "\u2014"
_NOTE: Final = re.compile(
    rf"(?P<text>(?P<origin>[^\s+]+)\n(?P<size>0|[1-9]\d{{0,18}})\n(?P<root>[A-Za-z0-9+/]{{43}}=)\n"
    rf"time (?P<at>[0-9T:.-]+Z)\n)\n{_DASH} (?P<name>[^\s+]+) (?P<signature>[A-Za-z0-9+/]{{91}}=)\n",
    re.ASCII,
)
_VKEY: Final = re.compile(r"(?P<name>[^\s+]+)\+(?P<id>[0-9a-f]{8})\+(?P<key>[A-Za-z0-9+/]{44})", re.ASCII)
_ID_BYTES: Final = 4


class NoteError(Exception):
    """A checkpoint or a key isn't what it should be; the message says why, and what to do."""


class Checkpoint(NamedTuple):
    """What a checkpoint says.

    Attributes:
        origin: Which log it is of.
        size: Leaves of the tree.
        root: The tree's root.
        at: When it was made.
    """

    origin: str
    size: int
    root: bytes
    at: Instant


class Key(NamedTuple):
    """A public key of checkpoints: the origin it signs for, and its 32 bytes."""

    name: str
    public: bytes

    @property
    def text(self) -> str:
        """The key as C2SP writes it: name, id and key, joined by plus signs."""
        return f"{self.name}+{self.id.hex()}+{_base64(_ED25519 + self.public)}"

    @property
    def id(self) -> bytes:
        """The beginning of a digest of name and key, which a signature names."""
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:_ID_BYTES]


def signed(checkpoint: Checkpoint, keyring: Keyring) -> str:
    """Return a checkpoint as a signed note."""
    said = _text(checkpoint)
    key = Key(checkpoint.origin, keyring.sealing_key)
    signature = _base64(key.id + keyring.sign_checkpoint(said.encode()))
    return f"{said}\n{_DASH} {key.name} {signature}\n"


def verified(note: str, public: bytes) -> Checkpoint:
    """Return what a note says, after checking its form and its signature.

    Args:
        note: The signed note.
        public: The key it must be signed with: 32 bytes.

    Raises:
        NoteError: If it isn't a checkpoint, or isn't signed with this key.
    """
    checkpoint = read(note)
    said, _, line = note.partition(f"\n{_DASH} ")
    signature = base64.b64decode(line.rpartition(" ")[2])
    key = Key(checkpoint.origin, public)
    if signature[:_ID_BYTES] != key.id:
        raise NoteError(
            f"it is signed by the key {signature[:_ID_BYTES].hex()}, and ours is {key.id.hex()}: use the "
            "REGULARS_SECRET, or the key file, that the service runs with"
        )
    if not signature_holds(public, signature[_ID_BYTES:], said.encode()):
        raise NoteError("its signature is not of this text")
    return checkpoint


def read(note: str) -> Checkpoint:
    """Return what a note says, without checking its signature.

    Raises:
        NoteError: If it isn't a checkpoint.
    """
    found = _NOTE.fullmatch(note)
    if found is None or found["name"] != found["origin"]:
        raise NoteError("it is not a signed checkpoint: use the note as it was sent, to the last line")
    try:
        checkpoint = Checkpoint(
            found["origin"], int(found["size"]), base64.b64decode(found["root"]), parse_instant(found["at"])
        )
        whole = _base64(base64.b64decode(found["signature"]))
    except (InvalidValue, binascii.Error) as error:
        raise NoteError("it is not a signed checkpoint: its text can't be read") from error
    if _text(checkpoint) != found["text"] or whole != found["signature"]:
        raise NoteError("it is not a signed checkpoint: it is written in another way than ours")
    return checkpoint


def key_of(text: str) -> Key:
    """Return the public key that a text holds.

    Raises:
        NoteError: If it doesn't hold one.
    """
    found = _VKEY.fullmatch(text.strip())
    if found is not None:
        key = Key(found["name"], base64.b64decode(found["key"])[1:])
        if key.text == text.strip():
            return key
    raise NoteError(f"{text.strip()[:80]!r} is not a key: write NAME+ID+KEY, as in pubkey.txt")


def _text(checkpoint: Checkpoint) -> str:
    root, at = _base64(checkpoint.root), instant_text(checkpoint.at)
    return f"{checkpoint.origin}\n{checkpoint.size}\n{root}\ntime {at}\n"


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
