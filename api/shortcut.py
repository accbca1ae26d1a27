"""The shortest way for events and tills, which are nearly all the traffic.

A framework that solves dependencies, matches addresses and converts answers for
every request costs more than deciding an event. So the routes of ingest, of
redemptions and of validating coupons are called here, by the same functions,
guards and errors that the framework would use, before it sees the request.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import orjson
from fastapi import FastAPI, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api.deps import Caller, Guard, Services
from api.errors import answer_to
from api.wire.ids import is_client_id

Endpoint = tuple[Guard, Callable[[Request, Services, Caller], Awaitable[dict[str, Any]]]]
"""Who may call, and who answers."""


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
            endpoints: Who answers a POST, by address. One part of an address, the last but one, may be
                `{id}`: a client's own id, which the endpoint finds among the request's path parameters.
        """
        self._app = app
        self._owner = owner
        self._services = services
        self._endpoints = endpoints

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""
        endpoint = self._endpoint(scope) if scope.get("method") == "POST" else None
        if endpoint is None:
            await self._app(scope, receive, send)
            return
        scope["app"] = self._owner
        request = Request(scope, receive)
        guard, answering = endpoint
        try:
            caller = await guard(request)
            answer = await answering(request, self._services, caller)
            response = Response(orjson.dumps(answer), media_type="application/json")
        except Exception as error:  # noqa: BLE001 - the edge of a request: every error becomes a problem
            response = await answer_to(request, error)
        await response(scope, receive, send)

    def _endpoint(self, scope: Scope) -> Endpoint | None:
        """Return who answers an address; an id that isn't as it should be is the framework's to refuse."""
        path = scope["path"]
        found = self._endpoints.get(path)
        if found is not None:
            return found
        collection, _, rest = path.rpartition("/")[0].rpartition("/")
        found = self._endpoints.get(f"{collection}/{{id}}{path[len(collection) + 1 + len(rest) :]}")
        if found is None or not is_client_id(rest):
            return None
        scope["path_params"] = {"id": rest}
        return found
