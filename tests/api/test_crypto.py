"""Keys and what is done with them."""

import stat
from pathlib import Path

import pytest

from api.crypto import (
    CryptoError,
    Keyring,
    Passwords,
    Session,
    master_key,
    new_api_key,
    secret_digest,
    split_api_key,
)

RING = Keyring(bytes(32))
OTHER = Keyring(b"\1" * 32)


def test_the_key_file_is_made_once_and_for_us_alone(tmp_path: Path) -> None:
    file = tmp_path / "regulars.db.key"
    key = master_key(None, file)

    assert 32 == len(key)
    assert key == master_key(None, file)
    assert 0o600 == stat.S_IMODE(file.stat().st_mode)


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "regulars.db.key"
    master_key(None, file)
    file.chmod(0o644)

    with pytest.raises(CryptoError, match="chmod 600"):
        master_key(None, file)


@pytest.mark.parametrize("content", [b"", b"short", b"\xff\xfe"])
def test_a_broken_key_file_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "key"
    file.touch(0o600)
    file.write_bytes(content)

    with pytest.raises(CryptoError):
        master_key(None, file)


def test_the_operators_own_secret() -> None:
    assert master_key("x" * 32, None) == master_key("x" * 32, Path("unused"))
    with pytest.raises(CryptoError, match="32 characters"):
        master_key("short", None)
    with pytest.raises(CryptoError, match="REGULARS_SECRET"):
        master_key(None, None)


def test_tokens_tell_nothing_without_the_key() -> None:
    token = RING.token("email", "mei@example.com")

    assert (30, "tok_") == (len(token), token[:4])
    assert token == RING.token("email", "mei@example.com")
    assert 4 == len(
        {
            token,
            RING.token("phone", "mei@example.com"),
            RING.token("email", "x"),
            OTHER.token("email", "mei@example.com"),
        }
    )


def test_a_sealed_value_opens_in_its_place_alone() -> None:
    wrapped = RING.new_data_key("m1")
    sealed = RING.seal(wrapped, "m1", "email", "mei@example.com")

    assert "mei@example.com" == RING.open(wrapped, "m1", "email", sealed)
    assert sealed != RING.seal(wrapped, "m1", "email", "mei@example.com")
    for ring, key, member, field, value in (
        (RING, wrapped, "m1", "phone", sealed),
        (RING, wrapped, "m2", "email", sealed),
        (RING, RING.new_data_key("m1"), "m1", "email", sealed),
        (OTHER, wrapped, "m1", "email", sealed),
        (RING, wrapped, "m1", "email", sealed[:-1] + bytes([sealed[-1] ^ 1])),
        (RING, wrapped, "m1", "email", b""),
    ):
        with pytest.raises(CryptoError):
            ring.open(key, member, field, value)


def test_a_secret_opens_under_its_name_alone() -> None:
    sealed = RING.seal_secret("crm", "whsec_abc")

    assert "whsec_abc" == RING.open_secret("crm", sealed)
    with pytest.raises(CryptoError):
        RING.open_secret("erp", sealed)


def test_sessions() -> None:
    session = Session("mei", "marketer", 0, 1_000)
    text = RING.sign_session(session)

    assert session == RING.read_session(text, 1_000)
    assert session == RING.read_session(text, 1_000 + 12 * 3_600 - 1)
    assert [None] * 4 == [
        RING.read_session(text, 1_000 + 12 * 3_600),
        RING.read_session(text, 999),
        OTHER.read_session(text, 1_000),
        RING.read_session(text[:-1], 1_000),
    ]


def test_api_keys() -> None:
    key = new_api_key()
    parts = split_api_key(key.text)

    assert parts is not None
    assert (key.id, key.digest) == (parts[0], secret_digest(parts[1]))
    assert [None] * 4 == [split_api_key(text) for text in ("", "rg_a", "xx_a_b", "rg_a_b_c")]


def test_passwords() -> None:
    passwords = Passwords()
    kept = passwords.hash("correct horse")

    assert kept.startswith("$argon2id$")
    assert [True, False, False, False] == [
        passwords.verify(kept, "correct horse"),
        passwords.verify(kept, "wrong"),
        passwords.verify(None, "correct horse"),
        passwords.verify("not a hash", "x"),
    ]
