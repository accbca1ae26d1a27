"""Replaying the log, and the figures of the programme."""

import json
import os
from functools import partial
from typing import Annotated

import msgspec
import typer
from rich.progress import Progress as Bar
from rich.progress import TaskID

from api.commands.opening import FINDING, MISUSE, complain, reading, say, settings_of_operator
from api.service.replaying import Report, replay_log
from api.service.replaying_apart import replay_apart
from api.store import log
from api.store.connection import Connection
from api.store.figures import figures as figures_of

_SHOWN = 20
_WORTH_A_PROCESS = 100_000


def replay(
    member: Annotated[str | None, typer.Option(help="Key of the one member to replay.")] = None,
    verify: Annotated[bool, typer.Option("--verify", help="Exit with 1 if anything differs.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    processes: Annotated[
        int | None, typer.Option(help="Processes that share the work; every core for a long log.", min=1)
    ] = None,
) -> None:
    """Decide the log again and compare with everything that was recorded."""
    with reading() as connection, Bar(console=say, transient=True, disable=not say.is_terminal) as bar:
        advance = partial(_advance, bar, bar.add_task("replaying", total=None))
        many = _processes(connection) if processes is None else processes
        if member is None and many > 1:
            url = settings_of_operator().database_url
            report = replay_apart(url, processes=many, progress=advance)
        else:
            report = replay_log(connection, member=member, progress=advance)
    if member is not None and report.members == 0:
        complain(f"There is no entry of a member {member!r}.")
        raise typer.Exit(MISUSE)
    if as_json:
        typer.echo(json.dumps(msgspec.to_builtins(report), ensure_ascii=False, indent=2))
    else:
        _tell(report)
    if verify and report.divergences:
        raise typer.Exit(FINDING)


def summary(as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False) -> None:
    """Print the figures of the programme."""
    with reading() as connection:
        figures = figures_of(connection)._asdict()
    if as_json:
        typer.echo(json.dumps(figures, ensure_ascii=False, indent=2))
        return
    for name, value in figures.items():
        for path, number in _flat(name, value):
            typer.echo(f"{number:>12,}  {path}")


def _processes(connection: Connection) -> int:
    """Return how many processes are worth their start for this log."""
    return os.cpu_count() or 1 if log.last_sequence(connection) >= _WORTH_A_PROCESS else 1


def _advance(bar: Bar, task: TaskID, done: int) -> None:
    bar.update(task, completed=done)


def _tell(report: Report) -> None:
    typer.echo(f"{report.checked} entries of {report.members} members decided again, digest {report.digest}")
    for one in report.divergences[:_SHOWN]:
        typer.echo(
            f"decision {one.decision} of {one.member}: {one.path}: {one.recorded!r} ≠ {one.replayed!r}"
        )
    typer.echo(f"{len(report.divergences) + report.more} divergences")


def _flat(path: str, value: object) -> list[tuple[str, int]]:
    if isinstance(value, dict):
        return [row for key, inner in value.items() for row in _flat(f"{path} / {key}", inner)]
    return [(path, value)] if isinstance(value, int) else []
