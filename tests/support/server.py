"""The product as people run it: `main.py` in processes of its own, on a free port of loopback."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Page

ROOT = Path(__file__).parents[2]
PASSWORD = "correct-horse-battery"
_START_SECONDS = 60


def run_main(
    url: str, *arguments: str | Path, code: int = 0, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a command of `main.py` over a database and check how it ended."""
    done = subprocess.run(
        [sys.executable, ROOT / "main.py", *arguments],
        env={**os.environ, "DATABASE_URL": url, "REGULARS_SECRET": "s" * 32, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    assert code == done.returncode, f"{arguments}: {done.stdout}\n{done.stderr}"
    return done


def free_port() -> int:
    """Return a TCP port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(url: str, **environment: str) -> Iterator[str]:
    """Serve a database; yield the address."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, ROOT / "main.py", "serve", "--port", str(port)],
        env={**os.environ, "DATABASE_URL": url, "REGULARS_SECRET": "s" * 32, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, process)
        yield address
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def _wait(address: str, process: subprocess.Popen[str]) -> None:
    for _ in range(_START_SECONDS * 10):
        if process.poll() is not None:
            pytest.fail(f"the server ended: {process.stdout.read() if process.stdout else ''}")
        try:
            if httpx2.get(f"{address}/readyz", timeout=1, trust_env=False).is_success:
                return
        except httpx2.TransportError:
            pass
        time.sleep(0.1)
    pytest.fail("the server didn't get ready")


class Studio:
    """A server with a small demonstration in it.

    Attributes:
        url: Its address.
        key: An API key that may post events.
    """

    def __init__(self, url: str, key: str) -> None:
        self.url = url
        self.key = key

    def sign_in(self, page: Page, name: str = "admin") -> None:
        """Give a page the session of a person."""
        answer = page.request.post(f"{self.url}/v1/session", data={"name": name, "password": PASSWORD})
        assert answer.ok, answer.text()


@pytest.fixture(scope="session")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """A small demonstration; `admin`, `mia` (marketer) and `audrey` (auditor) may sign in."""
    url = f"sqlite:///{tmp_path_factory.mktemp('studio') / 'regulars.db'}"
    said = run_main(url, "demo", "--members", "20").stderr
    found = re.search(r"rg_\w+", said)
    assert found is not None, said
    for name, role in (("admin", "administrator"), ("mia", "marketer"), ("audrey", "auditor")):
        run_main(url, "create-user", name, "--role", role, "--password", PASSWORD)
    with serving(url) as address:
        yield Studio(address, found[0])
