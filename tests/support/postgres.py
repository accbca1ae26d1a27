"""A private PostgreSQL server for the tests.

It listens on a Unix socket in a temporary folder that only its owner can enter, so it meets no other
server, needs no password and no free port. It runs with the default durability settings.

Ask for `postgres_database`: the URL of a migrated database of your own, gone after the test.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.rows import TupleRow

from api.store.migrate import upgrade

SUPERUSER = "regulars"
TEMPLATE = "regulars_template"
START_SECONDS = 30
STOP_SECONDS = 20


class PostgresServer:
    """A running server, and the databases the tests make in it.

    Attributes:
        socket_folder: Where the server's Unix socket is.
    """

    def __init__(self, socket_folder: Path) -> None:
        self.socket_folder = socket_folder
        self._numbers = count(1)

    def url(self, database: str) -> str:
        """The SQLAlchemy URL of a database of this server."""
        return f"postgresql+psycopg://{SUPERUSER}@/{database}?host={self.socket_folder}"

    def create_database(self, template: str = "template1") -> str:
        """Create a database nobody else uses and return its name."""
        name = f"test_{next(self._numbers)}"
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        self._execute(create.format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def drop_database(self, name: str) -> None:
        """Drop a database, cutting off whoever is still connected."""
        self._execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def create_template(self) -> str:
        """Create the migrated database that the others are copied from, and return its name."""
        self._execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(TEMPLATE)))
        upgrade(self.url(TEMPLATE))
        return TEMPLATE

    def connect(self, database: str = "postgres") -> psycopg.Connection[TupleRow]:
        """A plain connection, each statement its own transaction."""
        return psycopg.connect(host=str(self.socket_folder), user=SUPERUSER, dbname=database, autocommit=True)

    def _execute(self, statement: sql.Composed) -> None:
        with self.connect() as connection:
            connection.execute(statement)


def find_programs() -> Path:
    """The folder of `initdb` and `postgres`, the newest version first."""
    in_path = shutil.which("initdb")
    if in_path:
        return Path(in_path).resolve().parent
    # Debian keeps them out of PATH, one folder a version.
    installed = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    versions = sorted(installed, key=lambda path: float(path.parts[-3]), reverse=True)
    if not versions:
        pytest.fail("PostgreSQL is missing (Debian: apt-get install postgresql)", pytrace=False)
    return versions[0].parent


@contextmanager
def running_server() -> Iterator[PostgresServer]:
    """Start a server and stop it again, whatever happens in between."""
    programs = find_programs()
    # PostgreSQL refuses to run as root.
    owner = "postgres" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="regulars-pg-"))
    try:
        if owner:
            shutil.chown(folder, user=owner)
        _initialise(programs, folder, owner)
        process = _start(programs, folder, owner)
        try:
            server = PostgresServer(folder)
            _wait_until_ready(server, process, folder)
            yield server
        finally:
            _stop(process)
    finally:
        shutil.rmtree(folder)


def _as(owner: str | None) -> dict[str, Any]:
    """Whom a process runs as; ourselves if nobody is named."""
    return {"user": owner, "group": owner, "extra_groups": []} if owner else {}


def _initialise(programs: Path, folder: Path, owner: str | None) -> None:
    command: list[str | Path] = [
        programs / "initdb",
        *("-D", folder / "data", "-U", SUPERUSER, "--auth=trust"),
        *("--encoding=UTF8", "--locale=C", "--no-sync"),
    ]
    done = subprocess.run(command, **_as(owner), cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.fail(f"initdb failed: {done.stderr.strip()}", pytrace=False)


def _start(programs: Path, folder: Path, owner: str | None) -> subprocess.Popen[bytes]:
    # Should the test run itself be killed, the server must not outlive it.
    setpriv = shutil.which("setpriv")
    tether = [setpriv, "--pdeathsig", "INT"] if setpriv else []
    command: list[str | Path] = [
        *tether,
        programs / "postgres",
        *("-D", folder / "data", "-k", folder),
        *("-c", "listen_addresses=", "-c", "max_connections=200", "-c", "max_wal_size=256MB"),
    ]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(command, **_as(owner), cwd=folder, stdout=log, stderr=log)


def _wait_until_ready(server: PostgresServer, process: subprocess.Popen[bytes], folder: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            server.connect().close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    pytest.fail(f"PostgreSQL did not start: {(folder / 'log').read_text()[-2000:]}", pytrace=False)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGINT)  # "fast": end the sessions, write a checkpoint
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGQUIT)  # "immediate"
        process.wait(STOP_SECONDS)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """The server of this test run."""
    with running_server() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_url(postgres_server: PostgresServer) -> str:
    """The server's maintenance database, where no test keeps anything."""
    return postgres_server.url("postgres")


@pytest.fixture(scope="session")
def postgres_template(postgres_server: PostgresServer) -> str:
    """The name of the migrated database; nobody may stay connected to it."""
    return postgres_server.create_template()


@pytest.fixture
def postgres_database(postgres_server: PostgresServer, postgres_template: str) -> Iterator[str]:
    """The URL of a migrated database of one's own."""
    name = postgres_server.create_database(postgres_template)
    yield postgres_server.url(name)
    postgres_server.drop_database(name)


@pytest.fixture
def postgres_empty_database(postgres_server: PostgresServer) -> Iterator[str]:
    """The URL of a database with no table, for tests of the migrations themselves."""
    name = postgres_server.create_database()
    yield postgres_server.url(name)
    postgres_server.drop_database(name)
