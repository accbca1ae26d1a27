"""The product as people run it: `main.py` in processes of its own, on a free port of loopback."""

import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import httpx2
import pytest

ROOT = Path(__file__).parents[2]
SECRET = "s" * 32
_START_SECONDS = 60
TLS: Final = ssl.create_default_context()
"""Made once: each client would make its own, which takes longer than what it has to say."""


def run_main(
    url: str, *arguments: str | Path, code: int = 0, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a command of `main.py` over a database and check how it ended."""
    done = subprocess.run(
        [sys.executable, ROOT / "main.py", *arguments],
        env={**os.environ, "DATABASE_URL": url, "REGULARS_SECRET": SECRET, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    assert code == done.returncode, f"{arguments}: {done.stdout}\n{done.stderr}"
    return done


def free_port() -> int:
    """Return a TCP port that nobody listens on, and that no other process of this test run is given."""
    own = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    processes = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        if port // 2 % processes == own:  # systems give out ports of one parity here
            return port


@contextmanager
def serving(
    url: str, *, program: Sequence[str | Path] = (ROOT / "main.py",), **environment: str
) -> Iterator[str]:
    """Serve a database; yield the address. `program` stands in for `main.py`."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, *program, "serve", "--port", str(port)],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url, "REGULARS_SECRET": SECRET, **environment},
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
            if httpx2.get(f"{address}/readyz", timeout=1, trust_env=False, verify=TLS).is_success:
                return
        except httpx2.TransportError:
            pass
        time.sleep(0.1)
    pytest.fail("the server didn't get ready")
