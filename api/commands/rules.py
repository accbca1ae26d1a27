"""Rules and definitions, brought into force from files: here, or by a server that runs."""

from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from api.commands.opening import FINDING, MISUSE, OPERATOR, complain, explained, say, writing
from api.wire.remote import Remote
from engine.errors import InvalidRule
from engine.language.definitions import Definitions
from engine.language.document import RuleDocument
from engine.language.parse import parse_rule

Url = Annotated[str | None, typer.Option(help="Let the server at this address do it.")]
Key = Annotated[str | None, typer.Option(help="API key for --url.", envvar="REGULARS_KEY")]


def publish(
    files: Annotated[
        list[Path], typer.Argument(help="Rule documents, *.rule.json.", exists=True, dir_okay=False)
    ],
    url: Url = None,
    key: Key = None,
) -> None:
    """Check rules and publish them."""
    documents = [document_of(file) for file in files]
    if url is not None:
        with explained(), Remote(url, _needed(key)) as remote:
            changed = remote.publish(documents)
    else:
        with writing() as programme:
            changed = programme.services.publish.publish_documents(documents, by=OPERATOR)
    for document in documents:
        say.print(f"{document.key}: {'published' if document.key in changed else 'already in force'}")


def define(
    file: Annotated[Path, typer.Argument(help="Definitions as JSON.", exists=True, dir_okay=False)],
    url: Url = None,
    key: Key = None,
) -> None:
    """Put definitions in force: tags, coupons, units, ladders, templates and so on."""
    definitions = _definitions(file)
    if url is not None:
        with explained(), Remote(url, _needed(key)) as remote:
            secrets = remote.define(definitions)
    else:
        with writing() as programme:
            secrets = programme.services.definitions.merge(definitions, by=OPERATOR)
    say.print(f"{file.name}: in force", markup=False)
    for endpoint, secret in secrets.items():
        say.print(f"{endpoint} is signed with [bold]{secret}[/bold]; this is shown only now")


def _needed(key: str | None) -> str:
    if key is None:
        complain("--url needs --key: an API key with the scope rules:write (see create-key)")
        raise typer.Exit(MISUSE)
    return key


def document_of(file: Path) -> RuleDocument:
    """Read a rule from a file; what is wrong with it is told, and the command ends."""
    try:
        with explained():
            text = file.read_bytes()
        return parse_rule(text)
    except InvalidRule as error:
        complain(f"{file} is not a rule:")
        for problem in error.problems:
            complain(f"  {problem.path or '/'}: {problem.text['en']}")
        raise typer.Exit(FINDING) from error


def _definitions(file: Path) -> Definitions:
    try:
        with explained():
            text = file.read_bytes()
        return Definitions.model_validate_json(text)
    except ValidationError as error:
        complain(f"{file} doesn't hold definitions:")
        for one in error.errors(include_url=False, include_context=False, include_input=False):
            complain(f"  {''.join(f'/{part}' for part in one['loc']) or '/'}: {one['msg']}")
        raise typer.Exit(FINDING) from error
