"""A proof is checked by a script that knows nothing of us; whatever is changed in it is found."""

import ast
import importlib.util
import random
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api.service.proof.exporting import KIT, Exported, Wanted, export_to
from api.service.proof.note import Key
from api.service.refusal import Refusal
from api.store import seals
from tests.api.conftest import Programme
from tests.proof.conftest import ENTRIES, take_in
from tests.proof.test_sealing import PUBLIC, change
from tests.proof.test_tree import LEAVES, ROOTS

KEY = Key("localhost/regulars", PUBLIC).text


@pytest.fixture(scope="module")
def verify() -> ModuleType:
    """The script, as a module."""
    spec = importlib.util.spec_from_file_location("verify", KIT / "verify.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def exported(programme: Programme, out: Path, *wanted: Any) -> Exported:
    with programme.database.read() as connection:
        return export_to(connection, out, PUBLIC, Wanted(*wanted))


def ended(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the script as its reader does: isolated, with nothing of ours to be found."""
    command = [sys.executable, "-I", KIT / "verify.py", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")


@pytest.fixture
def proof(sealed: Programme, tmp_path: Path) -> Path:
    exported(sealed, tmp_path / "proof")
    return tmp_path / "proof"


class TestPublishedVectors:
    """RFC 8032 section 7.1, RFC 6962, and the signed note of Go's own documentation, which C2SP took over."""

    @pytest.mark.parametrize(
        ("key", "said", "signature"),
        [
            (
                "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
                "",
                (
                    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
                    "d25bf5f0595bbe24655141438e7a100b"
                ),
            ),
            (
                "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
                "72",
                (
                    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
                    "387b2eaeb4302aeeb00d291612bb0c00"
                ),
            ),
            (
                "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
                "af82",
                (
                    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
                    "4a7c15e9716ed28dc027beceea1ec40a"
                ),
            ),
        ],
    )
    def test_ed25519(self, verify: ModuleType, key: str, said: str, signature: str) -> None:
        given = bytes.fromhex(key), bytes.fromhex(said), bytes.fromhex(signature)

        assert verify.signature_holds(*given)
        assert not verify.signature_holds(given[0], given[1] + b"\0", given[2])
        # RFC 8032, section 5.1.7: a number that isn't below the order is refused.
        number = int.from_bytes(given[2][32:], "little") + verify.ORDER
        assert not verify.signature_holds(*given[:2], given[2][:32] + number.to_bytes(32, "little"))

    def test_ed25519_agrees_with_the_library(self, verify: ModuleType) -> None:
        dice = random.Random(8032)  # noqa: S311
        for _ in range(20):
            private = Ed25519PrivateKey.from_private_bytes(dice.randbytes(32))
            said, public = dice.randbytes(dice.randrange(200)), private.public_key().public_bytes_raw()
            signature = bytearray(private.sign(said))
            assert verify.signature_holds(public, said, bytes(signature))
            signature[dice.randrange(64)] ^= 1 << dice.randrange(8)
            assert not verify.signature_holds(public, said, bytes(signature))

    @pytest.mark.parametrize("size", range(1, 9))
    def test_tree(self, verify: ModuleType, size: int) -> None:
        tree = verify.Tree()
        for leaf in LEAVES[:size]:
            tree.add(verify.sha256(b"\0" + leaf).digest())

        assert ROOTS[size - 1] == tree.root().hex()

    def test_signed_note(self, verify: ModuleType) -> None:
        name, key = verify.read_key("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
        said = (
            "If you think cryptography is the answer to your problem,\n"
            "then you don't know what your problem is.\n"
        )
        signed = (
            "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
        )
        signature = verify.base64.b64decode(signed)

        assert "PeterNeumann" == name
        assert signature[:4] == verify.key_id(name, key)
        assert verify.signature_holds(key, said.encode(), signature[4:])


class TestUntouched:
    def test_whole_log(self, proof: Path) -> None:
        done = ended(proof, "--key", KEY)

        assert (0, "") == (done.returncode, done.stderr), done.stdout
        assert "everything holds" in done.stdout
        assert "the one that you gave" in done.stdout
        assert ENTRIES <= len((proof / "records.jsonl").read_bytes().splitlines())

    def test_one_member(self, sealed: Programme, tmp_path: Path) -> None:
        made = exported(sealed, tmp_path / "proof", "m3")

        assert 0 < made.entries < made.size
        assert 0 == ended(tmp_path / "proof").returncode
        assert all(
            b'"member":"m3"' in one for one in (tmp_path / "proof" / "events.jsonl").read_bytes().splitlines()
        )

    def test_a_range(self, sealed: Programme, tmp_path: Path) -> None:
        sealed.clock.advance(60)
        middle = sealed.clock.now()
        take_in(sealed, 1000, 9)
        sealed.clock.advance(60)
        take_in(sealed, 2000, 9)
        sealed.services.sealing.seal()
        made = exported(sealed, tmp_path / "proof", None, middle, sealed.clock.now())

        assert 9 <= made.entries < made.size
        assert 0 == ended(tmp_path / "proof").returncode

    def test_zip(self, sealed: Programme, tmp_path: Path) -> None:
        exported(sealed, tmp_path / "proof.zip")

        assert 0 == ended(tmp_path / "proof.zip", "--key", KEY).returncode
        assert ["proof.zip"] == [one.name for one in tmp_path.glob("*proof*")]

    def test_a_checkpoint_that_was_kept(self, sealed: Programme, tmp_path: Path) -> None:
        """The proof shows that the log is a continuation of it, whichever entries it holds."""
        take_in(sealed, 1000, 5)
        _, note = sealed.services.sealing.seal()
        assert note is not None
        kept = tmp_path / "kept.txt"
        kept.write_text(note, encoding="utf-8")
        take_in(sealed, 2000, 5)
        sealed.services.sealing.seal()
        exported(sealed, tmp_path / "without", "m1")
        exported(sealed, tmp_path / "with", "m1", None, None, [note])

        assert 0 == ended(tmp_path / "with", "--checkpoint", kept).returncode
        done = ended(tmp_path / "without", "--checkpoint", kept)
        assert 1 == done.returncode
        assert "--since" in done.stdout

    def test_nothing_of_us_is_needed(self) -> None:
        """Standard library only, and only what Python 3.8 knows."""
        source = (KIT / "verify.py").read_text(encoding="utf-8")
        compiled = compile(source, "verify.py", "exec", dont_inherit=True)
        imported = {line.split()[1] for line in source.splitlines() if line.startswith(("import ", "from "))}

        assert compiled is not None
        assert imported <= {*sys.stdlib_module_names, "__future__"}
        ast.parse(source, feature_version=(3, 8))


class TestWrong:
    def test_another_key(self, proof: Path) -> None:
        other = Key("localhost/regulars", b"\1" * 32).text
        done = ended(proof, "--key", other)

        assert 1 == done.returncode
        assert "the key that you gave" in done.stdout

    def test_a_zip_that_is_cut_off(self, sealed: Programme, tmp_path: Path) -> None:
        exported(sealed, tmp_path / "proof.zip")
        whole = (tmp_path / "proof.zip").read_bytes()
        for length in (0, 10, len(whole) // 2, len(whole) - 5):
            (tmp_path / "cut.zip").write_bytes(whole[:length])
            done = ended(tmp_path / "cut.zip")
            assert (1, "") == (done.returncode, done.stderr)
            assert "WRONG: " in done.stdout

    def test_a_file_that_is_missing(self, proof: Path) -> None:
        (proof / "decisions.jsonl").unlink()
        done = ended(proof)

        assert (1, "") == (done.returncode, done.stderr)
        assert "decisions.jsonl" in done.stdout

    def test_nothing_there(self, tmp_path: Path) -> None:
        assert 2 == ended(tmp_path / "nowhere").returncode

    def test_an_entry_left_out(self, proof: Path) -> None:
        """Someone who leaves out a whole line leaves it out everywhere, and still the root isn't reached."""
        for name in ("records", "events", "decisions"):
            lines = (proof / f"{name}.jsonl").read_bytes().splitlines(keepends=True)
            (proof / f"{name}.jsonl").write_bytes(b"".join(lines[:7] + lines[8:]))

        assert 1 == ended(proof).returncode

    def test_a_rewritten_log_is_told_from_a_kept_checkpoint(self, sealed: Programme, tmp_path: Path) -> None:
        with sealed.database.read() as connection:
            note = seals.checkpoint(connection)
        assert note is not None
        kept = tmp_path / "kept.txt"
        kept.write_text(note, encoding="utf-8")
        change(
            sealed,
            "UPDATE event SET content = 'aa' WHERE sequence = (SELECT min(sequence) FROM event "
            "WHERE sequence NOT IN (SELECT sequence FROM decision))",
        )
        change(sealed, "DELETE FROM sealed_entry")
        change(sealed, "DELETE FROM checkpoint")
        sealed.services.sealing.seal()
        exported(sealed, tmp_path / "proof")

        assert 0 == ended(tmp_path / "proof").returncode
        done = ended(tmp_path / "proof", "--checkpoint", kept)
        assert 1 == done.returncode
        assert "the log was rewritten" in done.stdout


class TestRefused:
    @pytest.mark.parametrize(
        ("wanted", "told"),
        [
            (("nobody",), "no entry of a member 'nobody'"),
            ((None, 5, 5), "The range is empty"),
            ((None, 1, 2), "No sealed entry is in this range"),
            ((None, None, None, ["x"]), "is not a signed checkpoint"),
            ((None, None, None, (), 3), "too many"),
        ],
    )
    def test_what_cannot_be_shown(
        self, sealed: Programme, tmp_path: Path, wanted: tuple[Any, ...], told: str
    ) -> None:
        with pytest.raises(Refusal) as refused:
            exported(sealed, tmp_path / "proof", *wanted)

        assert told in refused.value.detail
        assert not (tmp_path / "proof").exists()

    def test_a_folder_that_holds_something(self, sealed: Programme, tmp_path: Path) -> None:
        (tmp_path / "mine.txt").touch()
        for out in (tmp_path, tmp_path / "mine.txt", tmp_path / "no" / "such"):
            with pytest.raises(Refusal):
                exported(sealed, out)

    def test_what_is_not_what_was_sealed(self, sealed: Programme, tmp_path: Path) -> None:
        change(sealed, "UPDATE event SET content = 'other' WHERE sequence = 9")
        with pytest.raises(Refusal) as refused:
            exported(sealed, tmp_path / "proof")

        assert "Entry 9" in refused.value.detail


FLIPS = [100, pytest.param(1_000, marks=pytest.mark.long)]


@pytest.mark.parametrize("flips", FLIPS)
def test_a_byte_changed_anywhere_in_a_proof_is_found(
    sealed: Programme, tmp_path: Path, verify: ModuleType, flips: int
) -> None:
    """Whole logs and parts of them; before and after, all holds."""
    for name, member in (("whole", None), ("part", "m3")):
        folder = tmp_path / name
        exported(sealed, folder, member)
        dice = random.Random(name)  # noqa: S311
        files = sorted(one for one in folder.rglob("*") if one.is_file())
        assert [] == verify.verdict(folder, KEY, [])[1]
        for _ in range(flips // 2):
            file = dice.choice(files)
            raw = file.read_bytes()
            place, bits = dice.randrange(len(raw)), dice.randrange(1, 256)
            file.write_bytes(raw[:place] + bytes([raw[place] ^ bits]) + raw[place + 1 :])
            _, wrong = verify.verdict(folder, KEY, [])
            assert wrong, (file.name, place, bits)
            file.write_bytes(raw)
        assert [] == verify.verdict(folder, KEY, [])[1]
