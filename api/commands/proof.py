"""Sealing the log, holding it against its seals, and proving it to others."""

import json
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.progress import Progress as Bar

from api.commands.opening import FINDING, OPERATOR, explained, reading, say, settings_of_operator, writing
from api.crypto import Keyring, master_key
from api.service.proof.exporting import Wanted, export_to
from api.service.proof.integrity import Report, check
from api.service.proof.note import Key, NoteError, key_of
from api.service.refusal import Refusal
from api.settings import Settings
from engine.values import parse_instant

_SHOWN = 20


def seal() -> None:
    """Seal what is new in the log and print the signed checkpoint. A server does so by itself."""
    with writing() as programme:
        made, note = programme.services.sealing.seal()
        programme.services.auditing.note("log-sealed", "log", by=OPERATOR, new={"entries": made})
    say.print(f"{made} entries sealed")
    if note is None:
        say.print("The log is empty: there is nothing to sign.")
    else:
        typer.echo(note, nl=False)


def verify(
    checkpoint: Annotated[
        list[Path] | None,
        typer.Option(
            help="A signed checkpoint that you kept elsewhere; repeatable.", exists=True, dir_okay=False
        ),
    ] = None,
    key: Annotated[
        str | None, typer.Option(help="Public key of the checkpoints, NAME+ID+KEY; ours by default.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Check that nothing stored was changed since it was sealed; exit with 1 if anything was."""
    with explained():
        public = _key_given(key) if key is not None else key_of_operator(settings_of_operator()).public
        held = [one.read_text(encoding="utf-8") for one in checkpoint or ()]
    with reading() as connection, Bar(console=say, transient=True, disable=not say.is_terminal) as bar:
        task = bar.add_task("verifying", total=None)
        report = check(connection, public, held=held, progress=lambda done: bar.update(task, completed=done))
    if as_json:
        typer.echo(json.dumps(msgspec.to_builtins(report), ensure_ascii=False, indent=2))
    else:
        _tell(report)
    if report.wrong:
        raise typer.Exit(FINDING)


def export_proof(
    out: Annotated[Path, typer.Option(help="Folder to write, or a file that ends in .zip; it must be new.")],
    member: Annotated[str | None, typer.Option(help="Key of the one member.")] = None,
    begin: Annotated[
        str | None, typer.Option("--from", help="Only what was recorded from this instant on.")
    ] = None,
    until: Annotated[str | None, typer.Option(help="Only what was recorded before this instant.")] = None,
    since: Annotated[
        list[Path] | None,
        typer.Option(help="A checkpoint that its reader holds; repeatable.", exists=True, dir_okay=False),
    ] = None,
) -> None:
    """Write a proof that anybody can check with the script in it, without this program."""
    with explained():
        public = key_of_operator(settings_of_operator()).public
        wanted = Wanted(
            member,
            parse_instant(begin) if begin is not None else None,
            parse_instant(until) if until is not None else None,
            [one.read_text(encoding="utf-8") for one in since or ()],
        )
    with reading() as connection, explained():
        made = export_to(connection, out, public, wanted)
    say.print(f"{made.entries} of {made.size} entries under {made.checkpoints} checkpoints are in {out}")


def key_of_operator(settings: Settings) -> Key:
    """Return the public key of this installation's checkpoints.

    Raises:
        Refusal: `unavailable` if its key file isn't there; a new one would be another key.
    """
    secret = settings.secret.get_secret_value() if settings.secret is not None else None
    file = settings.key_file
    if secret is None and file is not None and not file.exists():
        raise Refusal(
            "unavailable",
            f"{file} isn't there: set REGULARS_SECRET, bring the file back, or give the key with --key.",
        )
    return Key(settings.origin, Keyring(master_key(secret, file)).sealing_key)


def _key_given(text: str) -> bytes:
    try:
        return key_of(text).public
    except NoteError as error:
        raise Refusal("invalid-request", f"--key: {error}.") from error


def _tell(report: Report) -> None:
    typer.echo(
        f"{report.entries} entries, {report.sealed} of them sealed, "
        f"{report.checkpoints} checkpoints; root {report.root or 'none'} over {report.size} leaves"
    )
    if report.erased:
        typer.echo(f"erased: {report.erased}")
    for one in report.wrong[:_SHOWN]:
        typer.echo(f"{one.row}{f' of {one.member}' if one.member else ''}: {one.reason}")
    typer.echo(f"{len(report.wrong) + report.more} wrong rows")
