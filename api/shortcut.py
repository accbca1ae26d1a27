"""The shortest way for events, which are nearly all the traffic.

A framework that solves dependencies, matches addresses and converts answers for
every request costs more than deciding an event. So the routes of ingest are
called here, by the same functions, guards and errors that the framework would
use, before it sees the request.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import orjson
from fastapi import FastAPI, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api.deps import SENDER, Caller, Services
from api.errors import answer_to

Endpoint = Callable[[Request, Services, Caller], Awaitable[dict[str, Any]]]


class Shortcut:
    """Answers the calls that have an endpoint here, and passes everything else on."""

    def __init__(
        self, app: ASGIApp, *, owner: FastAPI, services: Services, endpoints: Mapping[str, Endpoint]
    ) -> None:
        """Stand before an application.

        Args:
            app: What answers everything else.
            owner: The application that requests belong to.
            services: What the endpoints use.
            endpoints: Who answers a POST, by address.
        """
        self._app = app
        self._owner = owner
        self._services = services
        self._endpoints = endpoints

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""
        endpoint = self._endpoints.get(scope["path"]) if scope.get("method") == "POST" else None
        if endpoint is None:
            await self._app(scope, receive, send)
            return
        scope["app"] = self._owner
        request = Request(scope, receive)
        try:
            caller = await SENDER(request)
            answer = await endpoint(request, self._services, caller)
            response = Response(orjson.dumps(answer), media_type="application/json")
        except Exception as error:  # noqa: BLE001 - the edge of a request: every error becomes a problem
            response = await answer_to(request, error)
        await response(scope, receive, send)
