"""Keys, tokens, seals, signatures and passwords.

One master key; every use has a key of its own, derived by HKDF, so that none
of them says anything of another. Personal values are sealed under a data key
per member, which is itself wrapped: deleting the wrapped key erases the member.
"""

import base64
import hashlib
import hmac
import os
import secrets
import string
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import msgspec
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from itsdangerous import BadSignature, URLSafeSerializer

KEY_BYTES: Final = 32
TOKEN_PREFIX: Final = "tok_"  # noqa: S105  the beginning of a token, not one
SESSION_SECONDS: Final = 12 * 3_600
_NONCE_BYTES: Final = 12
_TOKEN_BYTES: Final = 16
_BASE62: Final = string.digits + string.ascii_letters
_SECRET_LENGTH: Final = 43  # 43 digits of base 62 hold 256 bits
_KEY_PARTS: Final = 3


class CryptoError(Exception):
    """A key can't be read, or something sealed doesn't open."""


class Session(msgspec.Struct, frozen=True):
    """What the session cookie says.

    Attributes:
        name: Who signed in.
        role: The role at that time.
        epoch: The person's session epoch at that time; raising it ends the session.
        issued: When, in seconds since the epoch.
    """

    name: str
    role: str
    epoch: int
    issued: int


class ApiKey(msgspec.Struct, frozen=True):
    """A new API key: the text to hand out once, and what is kept of it.

    Attributes:
        text: `rg_<id>_<secret>`.
        id: Names the key; it is no secret.
        digest: SHA-256 of the secret, in hexadecimal.
    """

    text: str
    id: str
    digest: str


def master_key(secret: str | None, file: Path | None) -> bytes:
    """Return the master key, making the file that holds it on the first start.

    Args:
        secret: The operator's own text, at least 32 characters, or None.
        file: Where the key is kept if there is no `secret`.

    Raises:
        CryptoError: If there is neither, the text is short, or others may read the file.
    """
    if secret is not None:
        if len(secret) < KEY_BYTES:
            raise CryptoError(f"REGULARS_SECRET must have at least {KEY_BYTES} characters")
        return hashlib.sha256(secret.encode()).digest()
    if file is None:
        raise CryptoError("set REGULARS_SECRET: this database has no file to keep a key beside")
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read_key(file)
    with os.fdopen(handle, "wb") as opened:
        opened.write(base64.b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n")
        opened.flush()
        os.fsync(opened.fileno())
    return _read_key(file)


def _read_key(file: Path) -> bytes:
    if file.stat().st_mode & 0o077:
        raise CryptoError(f"others may read {file}: run chmod 600 on it")
    try:
        key = base64.b64decode(file.read_bytes(), validate=False)
    except ValueError as error:
        raise CryptoError(f"{file} doesn't hold a key") from error
    if len(key) != KEY_BYTES:
        raise CryptoError(f"{file} doesn't hold a key of {KEY_BYTES} bytes")
    return key


class Keyring:
    """Everything that is done with the master key."""

    def __init__(self, master: bytes) -> None:
        """Derive the keys.

        Args:
            master: `master_key`'s answer: 32 bytes.
        """
        self._token = _derived(master, "token")
        self._wrap = AESGCM(_derived(master, "wrap"))
        self._secret = AESGCM(_derived(master, "secret"))
        self._session = URLSafeSerializer(
            _derived(master, "session"), salt="session", signer_kwargs={"digest_method": hashlib.sha256}
        )
        self._seal = Ed25519PrivateKey.from_private_bytes(_derived(master, "seal"))
        self._leaving = URLSafeSerializer(
            _derived(master, "unsubscribe"),
            salt="unsubscribe",
            signer_kwargs={"digest_method": hashlib.sha256},
        )

    def token(self, field: str, value: str) -> str:
        """Return the token that stands for a personal value: the same for the same value, only here.

        Args:
            field: What the value is, such as `email`; equal values of two fields have two tokens.
            value: The value, normalised by the caller.
        """
        digest = hmac.digest(self._token, f"{field}\0{value}".encode(), "sha256")
        text = base64.b32encode(digest[:_TOKEN_BYTES]).decode().rstrip("=").lower()
        return TOKEN_PREFIX + text

    def new_data_key(self, member: str) -> bytes:
        """Return a new data key for a member, wrapped: it can be kept as it is."""
        return _sealed(self._wrap, secrets.token_bytes(KEY_BYTES), member)

    def seal(self, wrapped: bytes, member: str, field: str, value: str) -> bytes:
        """Encrypt a personal value under a member's data key.

        Raises:
            CryptoError: If `wrapped` isn't this member's key.
        """
        return _sealed(self._data_key(wrapped, member), value.encode(), f"{member}\0{field}")

    def open(self, wrapped: bytes, member: str, field: str, sealed: bytes) -> str:
        """Decrypt a personal value.

        Raises:
            CryptoError: If it was sealed for another member or field, or was changed.
        """
        return _opened(self._data_key(wrapped, member), sealed, f"{member}\0{field}").decode()

    def seal_secret(self, name: str, secret: str) -> bytes:
        """Encrypt a secret of the programme, such as an endpoint's, under its name."""
        return _sealed(self._secret, secret.encode(), name)

    def open_secret(self, name: str, sealed: bytes) -> str:
        """Decrypt a secret of the programme.

        Raises:
            CryptoError: If it was sealed under another name, or was changed.
        """
        return _opened(self._secret, sealed, name).decode()

    @property
    def sealing_key(self) -> bytes:
        """The public key of our checkpoints: 32 bytes."""
        return self._seal.public_key().public_bytes_raw()

    def sign_checkpoint(self, said: bytes) -> bytes:
        """Return the Ed25519 signature of a checkpoint's text: 64 bytes."""
        return self._seal.sign(said)

    def sign_session(self, session: Session) -> str:
        """Return the cookie's text for a session."""
        return self._session.dumps(msgspec.to_builtins(session))

    def read_session(self, text: str, now: int) -> Session | None:
        """Return the session of a cookie, or None if it isn't ours or is older than 12 hours.

        Args:
            text: The cookie's text.
            now: Seconds since the epoch.
        """
        try:
            said: Any = self._session.loads(text)
            session = msgspec.convert(said, Session)
        except (BadSignature, msgspec.ValidationError):
            return None
        return session if 0 <= now - session.issued < SESSION_SECONDS else None

    def sign_unsubscribing(self, member: str, channel: str) -> str:
        """Return the text of a link by which a member withdraws consent to a channel; it doesn't end."""
        return str(self._leaving.dumps([member, channel]))

    def read_unsubscribing(self, text: str) -> tuple[str, str] | None:
        """Return the member and the channel of such a link, or None if it isn't ours."""
        try:
            member, channel = self._leaving.loads(text)
        except (BadSignature, TypeError, ValueError):
            return None
        return str(member), str(channel)

    def _data_key(self, wrapped: bytes, member: str) -> AESGCM:
        return AESGCM(_opened(self._wrap, wrapped, member))


def signature_holds(public_key: bytes, signature: bytes, said: bytes) -> bool:
    """Return whether an Ed25519 signature of some bytes is this key's."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, said)
    except (InvalidSignature, ValueError):
        return False
    return True


def new_api_key() -> ApiKey:
    """Make an API key. Its secret part has 256 bits, so a plain digest of it is safe to keep."""
    identity = secrets.token_hex(4)
    secret = "".join(secrets.choice(_BASE62) for _ in range(_SECRET_LENGTH))
    return ApiKey(f"rg_{identity}_{secret}", identity, secret_digest(secret))


def split_api_key(text: str) -> tuple[str, str] | None:
    """Return the id and the secret of an API key's text, or None if it isn't one."""
    parts = text.split("_")
    if len(parts) != _KEY_PARTS or parts[0] != "rg" or not parts[1] or not parts[2].isascii():
        return None
    return parts[1], parts[2]


def secret_digest(secret: str) -> str:
    """Return what is kept of an API key's secret: its SHA-256 in hexadecimal."""
    return hashlib.sha256(secret.encode()).hexdigest()


def same_digest(left: str, right: str) -> bool:
    """Compare two digests in a time that tells nothing of where they differ."""
    return hmac.compare_digest(left, right)


def new_webhook_secret() -> str:
    """Make a signing secret in the form of Standard Webhooks."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(24)).decode()


class Passwords:
    """Argon2id hashes, with the library's parameters (RFC 9106, low memory)."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        """Hash and verify.

        Args:
            hasher: Says how much work a hash is; by default as the library does.
        """
        self._hasher = hasher or PasswordHasher()

    @cached_property
    def _nobody(self) -> str:
        """The hash that an unknown name is checked against."""
        return self._hasher.hash(secrets.token_hex())

    def hash(self, password: str) -> str:
        """Return the hash to keep of a password."""
        return self._hasher.hash(password)

    def verify(self, kept: str | None, password: str) -> bool:
        """Return whether a password is right.

        Args:
            kept: The hash, or None for an unknown name, which takes as long.
            password: What was given.
        """
        nobody = self._nobody  # made for a known name, too, so that the first check of either takes as long
        try:
            self._hasher.verify(kept or nobody, password)
        except (VerificationError, InvalidHashError):
            return False
        return kept is not None


def _derived(master: bytes, use: str) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=f"regulars/{use}/1".encode()).derive(master)


def _sealed(cipher: AESGCM, value: bytes, context: str) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, value, context.encode())


def _opened(cipher: AESGCM, sealed: bytes, context: str) -> bytes:
    try:
        return cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], context.encode())
    except (InvalidTag, ValueError) as error:
        raise CryptoError("what is sealed doesn't open: another key, another place, or a change") from error
