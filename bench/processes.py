"""The product, and what is measured beside it, in processes of their own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Final

import orjson

from bench import workload
from engine.values import Instant, instant_text
from tests.support.server import free_port

ROOT: Final = Path(__file__).parents[1]
_START_SECONDS: Final = 120
_STOP_SECONDS: Final = 60
_TICKS: Final = os.sysconf("SC_CLK_TCK")
_KILOBYTE: Final = 1024
_OPEN: Final = {"REGULARS_SECRET": "s" * 32, "REGULARS_MAX_QUEUE": "20000"}
"""64 connections with a hundred events each wait at once; the default would answer some with 429."""


@dataclass(frozen=True, slots=True)
class Server:
    """Processes that answer on ports of loopback.

    Attributes:
        ports: Port of each process.
        pids: Its process id.
    """

    ports: list[int]
    pids: list[int]

    def cpu_seconds(self) -> float:
        """Return the processor time that they have taken, of all threads."""
        return sum(_cpu_seconds(pid) for pid in self.pids)

    def resident(self, figure: str = "VmRSS") -> float:
        """Return the megabytes they have in memory now, or, with `VmHWM`, had at most."""
        return sum(_status(pid, figure) for pid in self.pids) / _KILOBYTE


@dataclass(frozen=True, slots=True)
class Product:
    """The product over one database.

    Attributes:
        url: The database.
        folder: Where files for its commands are put.
    """

    url: str
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """What its commands find around them."""
        return {**os.environ, **_OPEN, "DATABASE_URL": self.url}

    def run(self, *arguments: str | Path) -> str:
        """Run a command of `main.py` and return what it prints.

        Raises:
            RuntimeError: If it failed.
        """
        done = subprocess.run(
            [sys.executable, ROOT / "main.py", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"main.py {arguments[0]} failed: {done.stdout}{done.stderr}")
        return done.stdout

    def prepare(
        self,
        documents: Sequence[workload.Json],
        definitions: workload.Json | None = None,
        scopes: Sequence[str] = ("events:write",),
    ) -> str:
        """Make the database, bring the rules into force and return a key.

        Args:
            documents: The rules.
            definitions: What they speak of; the workload's by default.
            scopes: What the key may do; post events by default.
        """
        self.run("migrate")
        file = self.folder / "definitions.json"
        file.write_bytes(orjson.dumps(definitions or workload.definitions()))
        self.run("define", file)
        files = [self.folder / f"{one['key']}.rule.json" for one in documents]
        for file, document in zip(files, documents, strict=True):
            file.write_bytes(orjson.dumps(document))
        if files:
            self.run("publish", *files)
        return self.run("create-key", "bench", *(f"--scope={one}" for one in scopes)).strip()

    def take(self, lines: Iterable[bytes], *, until: Instant | None = None) -> None:
        """Import a history of Segment calls, with the clock going on up to an instant."""
        file = self.folder / "history.jsonl"
        with file.open("wb") as opened:
            opened.writelines(lines)
        end = [] if until is None else ["--until", instant_text(until)]
        self.run("import", file, "--mode", "as-it-was", *end)

    @contextmanager
    def serving(self, processes: int = 1) -> Iterator[Server]:
        """Serve; end it at the end."""
        environment = {**_OPEN, "DATABASE_URL": self.url}
        with serving([ROOT / "main.py", "serve"], environment, self.folder, processes) as server:
            yield server


@contextmanager
def serving(
    command: Sequence[str | Path], environment: dict[str, str], folder: Path, processes: int = 1
) -> Iterator[Server]:
    """Run a Python program that takes `--port` and answers `/readyz`; end it at the end.

    Args:
        command: Its arguments.
        environment: Added to ours.
        folder: Where its output goes.
        processes: How many of it, each on a port of its own.
    """
    with ExitStack() as stack:
        ports = [free_port() for _ in range(processes)]
        pids = [stack.enter_context(_running(command, environment, folder, port)) for port in ports]
        yield Server(ports, pids)


@contextmanager
def _running(
    command: Sequence[str | Path], environment: dict[str, str], folder: Path, port: int
) -> Iterator[int]:
    output = folder / f"output-{port}"
    with output.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, *command, "--port", str(port)],
            env={**os.environ, **environment},
            cwd=ROOT,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait(process, port, output)
        yield process.pid
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], port: int, output: Path) -> None:
    end = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < end:
        connection = HTTPConnection("127.0.0.1", port, timeout=1)
        try:
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise RuntimeError(f"the server didn't get ready: {output.read_text()[-2000:]}")


def _cpu_seconds(pid: int) -> float:
    # The second field is the program's name, in brackets; after it come the numbered ones.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _status(pid: int, figure: str) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{figure}:"):
            return int(line.split()[1])
    raise RuntimeError(f"the system doesn't tell {figure}")
