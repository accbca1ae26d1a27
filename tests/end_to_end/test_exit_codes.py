"""Each command exits with 0 on success, 1 on a finding, 2 on misuse, and says in one line what to do."""

import json
import re
from pathlib import Path

import pytest

from tests.end_to_end.conftest import Command
from tests.support.server import ROOT

RULE = ROOT / "rule_library" / "points-per-order.rule.json"
DEFINITIONS = ROOT / "rule_library" / "definitions.json"
MISUSES = {
    "publsh": "Did you mean 'publish'",
    "serve --prot 1": "--port",
    "serve --port 70000": "65535",
    "serve --host 192.0.2.1": "192.0.2.1",
    "demo --members none": "--members",
    "demo --members 0": "greater than or equal to 1",
    "publish": "files",
    "publish nowhere.rule.json": "does not exist",
    f"publish {RULE} --url http://127.0.0.1:1": "--key",
    f"publish {RULE} --url http://127.0.0.1:1 --key k": "can't be reached",
    f"publish {RULE} --url nowhere --key k": "nowhere",
    "define nowhere.json": "does not exist",
    f"import {RULE}": "--mode",
    f"import {RULE} --mode later": "'as-it-was', 'facts-only'",
    f"import {RULE} --mode facts-only --until noon": "RFC 3339",
    "import nowhere.jsonl --mode facts-only": "does not exist",
    "replay --verfy": "--verify",
    "replay --member": "--member",
    "backtest --others some": "as-they-were",
    f"backtest {RULE} --from noon": "RFC 3339",
    "verify --checkpoint nowhere.txt": "does not exist",
    "verify --key nonsense": "NAME+ID+KEY",
    "export-proof": "--out",
    "export-proof --out proof --from noon": "RFC 3339",
    "summary --jsn": "--json",
    "create-user": "name",
    "create-user ann --role king": "'marketer', 'approver', 'auditor', 'administrator'",
    "create-user ann --password short": "12 characters",
    "create-key till --scope all": "events:write",
    "openapi --all": "--all",
    "migrate now": "now",
}


@pytest.mark.parametrize("words", MISUSES)
def test_misuse(command: Command, words: str) -> None:
    """Exit code 2, nothing on standard output, and one line that names what is accepted."""
    ended = command(*words.split())

    assert (2, "") == (ended.code, ended.out)
    (line,) = ended.err.splitlines()
    assert MISUSES[words] in line


def test_no_command_is_an_invitation(command: Command) -> None:
    ended = command()

    assert 2 == ended.code
    assert all(re.search(rf"\b{name}\b", ended.out + ended.err) for name in ("serve", "import", "create-key"))


@pytest.mark.parametrize("words", ["summary", "replay"])
def test_nothing_to_read_is_misuse(command: Command, tmp_path: Path, words: str) -> None:
    """A database that isn't there, or that has another shape, is said to be so."""
    missing = command(words)
    (tmp_path / "regulars.db").touch()
    shapeless = command(words)

    assert [2, 2] == [missing.code, shapeless.code]
    assert all("migrate" in ended.err for ended in (missing, shapeless))


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://nobody:secret@127.0.0.1:1/nowhere", "can't be reached"),
        ("nonsense", "can't be read"),
        ("mysql://somewhere/shop", "neither"),
    ],
)
def test_database_that_is_not_there_is_misuse(
    command: Command, monkeypatch: pytest.MonkeyPatch, url: str, said: str
) -> None:
    """One line says so, without the password, whether the command reads or writes."""
    monkeypatch.setenv("DATABASE_URL", url)
    for words in (["summary"], ["migrate"]):
        ended = command(*words)
        assert (2, "") == (ended.code, ended.out)
        assert said in ended.err
        assert 1 == len(ended.err.splitlines()), ended.err
        assert "secret" not in ended.err


def test_settings_that_cannot_be_read_are_misuse(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGULARS_PORT", "eighty")
    wrong = command("migrate")
    monkeypatch.delenv("REGULARS_PORT")
    monkeypatch.setenv("REGULARS_SECRET", "short")
    short = command("create-user", "ann")

    assert [2, 2] == [wrong.code, short.code]
    assert "REGULARS_PORT" in wrong.err
    assert "32 characters" in short.err


def test_success(command: Command) -> None:
    """Exit code 0, and on standard output what other programs read, and only that."""
    assert (0, "") == command("migrate")[:2]
    assert re.fullmatch(r"\S{12,}\n", command("create-user", "ann", "--role", "auditor").out)
    assert (0, "") == command("create-user", "ann", "--password", "a good long password")[:2]
    assert re.fullmatch(r"rg_\w+_\w+\n", command("create-key", "till").out)
    assert (0, "") == command("define", DEFINITIONS)[:2]
    assert (0, "") == command("publish", RULE)[:2]
    again = command("publish", RULE)
    assert (0, True) == (again.code, "already in force" in again.err)
    assert 0 == json.loads(command("summary", "--json").out)["events"]
    assert 0 == json.loads(command("replay", "--verify", "--json").out)["checked"]
    assert "0 divergences" in command("replay", "--verify").out
    assert 2 == command("replay", "--member", "nobody").code
    assert 0 == json.loads(command("backtest", RULE, "--json").out)["checked"]
    assert "cost: 0" in command("backtest", RULE).out


def test_findings(command: Command, tmp_path: Path) -> None:
    """Exit code 1 when the command did its work and found something wrong; each place is named."""
    rule, definitions, unknown = (tmp_path / name for name in ("a.rule.json", "d.json", "b.rule.json"))
    rule.write_text('{"language": 1, "key": "a"}')
    definitions.write_text('{"tags": [{"key": "a"}]}')
    unknown.write_text(RULE.read_text().replace("event.total", "event.nothing"))

    ended = [command("publish", rule), command("define", definitions), command("publish", unknown)]

    assert [1, 1, 1] == [one.code for one in ended]
    assert ["/when" in ended[0].err, "/tags/0/name" in ended[1].err, "event.nothing" in ended[2].err] == [
        True
    ] * 3
