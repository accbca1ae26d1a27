"""Making one member of two, erasing one, and everything about one."""

import os
from pathlib import Path
from secrets import token_hex
from typing import Annotated

import typer

from api.commands.opening import OPERATOR, explained, say, writing
from api.service.asking import answer_of


def merge(
    member: Annotated[str, typer.Argument(help="Key of a member.")],
    other: Annotated[str, typer.Argument(help="Key of the member that is the same person.")],
    why: Annotated[str, typer.Option(help="Why; it stands in the log.")],
    keep: Annotated[
        str | None, typer.Option(help="Which of the two keys goes on; whoever joined first by default.")
    ] = None,
) -> None:
    """Make one member of two: histories, points, coupons and tags unite. It can't be undone."""
    if keep not in {None, member, other}:
        raise typer.BadParameter("must be one of the two keys", param_hint="--keep")
    said = {member: "userId", other: "previousId"}.get(keep or "")
    with writing() as programme, explained():
        services = programme.services
        told = {"by": OPERATOR, "reason": why, "keep": said}
        call = services.duplicates.call(
            (member, other), told, source=f"person:{OPERATOR}", message_id=f"merge:{token_hex(16)}"
        )
        (result,) = services.ingest.submit([call]).result()
        answer = answer_of(result)
    if answer["status"] == "same":
        say.print(f"both are {answer['member']} already", markup=False)
    else:
        say.print(f"{answer['absorbed']} is a part of {answer['member']} now", markup=False)


def erase(
    member: Annotated[str, typer.Argument(help="Key of the member, or an id of it.")],
    why: Annotated[
        str, typer.Option(help="Why; it stays in the log, so it mustn't name the person.", prompt=True)
    ],
) -> None:
    """Erase a member: personal values, keys and names are deleted. It can't be undone."""
    with writing() as programme, explained():
        services = programme.services
        call = services.erasing.call(
            member,
            {"by": OPERATOR, "why": why},
            source=f"person:{OPERATOR}",
            message_id=f"erase:{token_hex(16)}",
        )
        (result,) = services.ingest.submit([call]).result()
        answer = answer_of(result)
        services.erasing.clean()
    say.print(f"{answer['member']} is erased", markup=False)


def export_member(
    member: Annotated[str, typer.Argument(help="Key of the member, or an id of it.")],
    out: Annotated[Path, typer.Option(help="File to write; it must be new.")],
) -> None:
    """Write everything about a member to a JSON file, personal values in the clear."""
    with writing() as programme, explained():
        pieces = programme.services.exports.export(member, by=OPERATOR)
        with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.writelines(pieces)
    say.print(f"everything about {member} is in {out}", markup=False)
