"""What commands begin with: the database opened, and whatever stands in the way told in one line."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import typer
from httpx2 import HTTPError, InvalidURL
from pydantic import ValidationError
from rich.console import Console as Terminal

from api.assembly import Programme, assemble
from api.clock import SystemClock
from api.crypto import CryptoError
from api.service import people
from api.service.refusal import Refusal
from api.service.warming import Warming
from api.settings import Settings
from api.store import migrate
from api.store.connection import Connection
from api.store.database import Database
from api.store.errors import StoreError
from engine.errors import EngineError

OPERATOR: Final = people.OPERATOR
"""Who did it, where the log asks."""

FINDING: Final = 1
MISUSE: Final = 2

say = Terminal(stderr=True, highlight=False, soft_wrap=True)
"""What is told beside a command's result; the result itself goes to standard output."""


def complain(text: str) -> None:
    """Say what is wrong."""
    say.print(text, style="red", markup=False)


def settings_of_operator() -> Settings:
    """Return the settings.

    Raises:
        Refusal: `invalid-request` if one can't be read.
    """
    try:
        return Settings()
    except ValidationError as error:
        wrong = [
            f"{_variable(str(one['loc'][0]))}: {one['msg']}"
            for one in error.errors(include_url=False, include_context=False, include_input=False)
        ]
        raise Refusal("invalid-request", f"Correct the settings ({'; '.join(wrong)}).") from error


def _variable(field: str) -> str:
    return field if field == "DATABASE_URL" else f"REGULARS_{field.upper()}"


@contextmanager
def explained() -> Iterator[None]:
    """Turn what people can act on into clear lines: exit code 1 for errors in what was given, otherwise 2."""
    try:
        yield
    except Refusal as error:
        complain(error.detail)
        for finding in error.findings:
            complain(f"  {finding.path}: {finding.english}")
        raise typer.Exit(FINDING if error.diagnostics is not None or error.findings else MISUSE) from error
    except (StoreError, CryptoError, EngineError, OSError, HTTPError, InvalidURL) as error:
        complain(str(error))
        raise typer.Exit(MISUSE) from error


@contextmanager
def writing() -> Iterator[Programme]:
    """Open everything for a command that writes; the database gets the newest shape first."""
    with explained():
        settings = settings_of_operator()
        migrate.upgrade(settings.database_url)
        programme = assemble(settings, SystemClock(), Warming(), timers=False)
    programme.writer.start()
    try:
        with explained():
            yield programme
    finally:
        programme.close()


@contextmanager
def reading() -> Iterator[Connection]:
    """Open one snapshot for a command that only reads; a server may go on writing."""
    with (
        explained(),
        Database.open(settings_of_operator().database_url, writable=False) as database,
    ):
        if migrate.current(database) != migrate.head():
            raise Refusal("unavailable", "The database isn't at the newest shape: run `main.py migrate`.")
        with database.read() as connection:
            yield connection
