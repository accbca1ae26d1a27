"""Letting people and backends in."""

from secrets import token_urlsafe
from typing import Annotated

import typer

from api.commands.opening import writing
from api.service.people import Role


def create_user(
    name: Annotated[str, typer.Argument(help="Name to sign in with.")],
    role: Annotated[Role, typer.Option(help="What the person may do.")] = "marketer",
    password: Annotated[str | None, typer.Option(help="By default one is generated and printed.")] = None,
) -> None:
    """Let a person in, or give one a new role and password."""
    given = password or token_urlsafe(12)
    with writing() as programme:
        programme.services.people.create_person(name, role, given)
    if password is None:
        typer.echo(given)


def create_key(
    source: Annotated[str, typer.Argument(help="Source of the events that it posts.")],
    scope: Annotated[list[str], typer.Option(help="A scope; repeat for several.")] = ["events:write"],  # noqa: B006  typer copies it
    owner: Annotated[
        str | None, typer.Option(help="Who answers for it, and so can't approve the drafts that it writes.")
    ] = None,
) -> None:
    """Make an API key and print it; it isn't kept in the clear."""
    with writing() as programme:
        typer.echo(programme.services.keys.create(source, scope, owner=owner))
