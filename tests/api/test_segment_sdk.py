"""Segment's own Python library, unchanged, speaks to us."""

import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from segment.analytics.client import Client

from engine.values import MICROSECONDS
from tests.api.conftest import Programme


@pytest.fixture
def address(programme: Programme) -> Iterator[str]:
    """Serve the application on loopback."""
    programme.clock.instant = int(time.time()) * MICROSECONDS
    server = uvicorn.Server(uvicorn.Config(programme.app, host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


@pytest.mark.parametrize("gzip", [False, True])
def test_the_library_is_understood(programme: Programme, address: str, gzip: bool) -> None:
    failed: list[Exception] = []
    client = Client(
        programme.key,
        host=address,
        gzip=gzip,
        max_retries=0,
        on_error=lambda error, _batch: failed.append(error),
    )
    client.identify("m1", {"email": "mei@example.com", "city": "杭州"})
    client.track("m1", "Order Completed", {"total": 12.5})
    client.alias("old-1", "m1")
    client.flush()
    client.join()

    assert [] == failed
    member = programme.backend().get("/v1/members/m1").json()
    assert 3 == member["events"]
    assert "杭州" == member["attributes"]["city"]
