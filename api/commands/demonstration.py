"""The demonstration: the rule library and an invented shop."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_urlsafe
from typing import Annotated

import typer

from api.assembly import Programme
from api.commands.history import take_in
from api.commands.opening import MISUSE, OPERATOR, complain, say, writing
from api.service.history_lines import HistoryFile
from api.service.import_pass import Way
from rule_library import library, library_definitions
from rule_library.tea_shop import history

ADMINISTRATOR = "admin"
LEFT_AS_DRAFTS = (
    "check-in-week",
    "high-activity-ends",
    "staff-grade-1",
    "staff-grade-2",
    "staff-grade-3",
    "staff-short-month",
    "win-back-journey",
)
"""Rules of the library that are left for people to publish themselves."""


def demo(
    if_empty: Annotated[
        bool, typer.Option("--if-empty", help="Do nothing if there are people already.")
    ] = False,
    members: Annotated[int, typer.Option(help="How many members to invent.", min=1, max=100_000)] = 300,
) -> None:
    """Load the rule library and a year of an invented tea shop, and make an administrator."""
    with writing() as programme:
        if programme.services.people.any_person():
            if if_empty:
                return
            complain("There are people in this database already; the demonstration needs an empty one.")
            raise typer.Exit(MISUSE)
        key = load(programme, members)
        password = token_urlsafe(12)
        programme.services.people.create_person(ADMINISTRATOR, "administrator", password)
    say.print("\nThe demonstration is loaded. These are shown only now:")
    say.print(f"  sign in as [bold]{ADMINISTRATOR}[/bold] with the password [bold]{password}[/bold]")
    say.print(f"  post events with the key [bold]{key}[/bold]\n")


def load(programme: Programme, members: int) -> str:
    """Put the rule library in force and take in a year of an invented tea shop.

    Args:
        programme: An empty one, that runs.
        members: How many members to invent.

    Returns:
        A key that a till may use: it posts events, redeems, and reads members and decisions.
    """
    programme.services.definitions.merge(library_definitions(), by=OPERATOR)
    documents = [entry.document for entry in library()]
    published = [one for one in documents if one.key not in LEFT_AS_DRAFTS]
    programme.services.publish.publish_documents(published, by=OPERATOR)
    for one in documents:
        if one.key in LEFT_AS_DRAFTS:
            programme.services.rules.save_draft(one.key, one.canonical(), etag=None, by=OPERATOR)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tea-shop.jsonl"
        path.write_bytes(b"".join(history(members, datetime.now(UTC))))
        take_in(programme, HistoryFile.open(path), Way("demo", "as-it-was"), None)
    return programme.services.keys.create(
        "demo", ["events:write", "redeem", "members:read", "decisions:read"]
    )
