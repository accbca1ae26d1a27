"""The HTTP application: routes, guards, headers, errors."""

import sys
from collections.abc import Callable, Sequence
from typing import Any, Final

import structlog
from fastapi import APIRouter, FastAPI
from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.deps import COOKIE, Services
from api.errors import MEDIA_TYPE, PROBLEM_SCHEMA, install, response_of, responses
from api.routes import (
    approvals,
    audience,
    auditing,
    backtests,
    books,
    broadcasts,
    conflicts,
    contact,
    coupons,
    decisions,
    duplicates,
    entitlements,
    evaluate,
    figures,
    ingest,
    language,
    library,
    looking_back,
    members,
    outbox,
    people,
    personal,
    programme,
    proofs,
    redemptions,
    replays,
    research,
    rules,
    running,
    segments,
    session,
    tags,
    tasks,
)
from api.service.refusal import Refusal
from api.settings import Settings
from api.shortcut import Shortcut
from api.wire.body import MAX_BODY
from engine.gates import RELEASE

_ROUTERS: Final = (
    session.router,
    people.router,
    programme.router,
    ingest.router,
    evaluate.router,
    language.router,
    rules.router,
    approvals.router,
    rules.names_router,
    library.router,
    looking_back.router,
    conflicts.router,
    conflicts.check_router,
    audience.router,
    figures.router,  # before the rules: a report is below one
    redemptions.router,
    entitlements.router,
    research.router,
    coupons.router,
    segments.router,
    tags.router,
    duplicates.router,
    personal.router,
    books.router,  # before the members': an id of theirs may hold a slash
    tasks.router,
    members.router,
    decisions.router,
    replays.router,
    backtests.router,
    proofs.router,
    auditing.router,
    outbox.router,
    contact.router,
    broadcasts.router,
    running.router,
)

ENDPOINTS: Final = ingest.ENDPOINTS | redemptions.ENDPOINTS | coupons.ENDPOINTS
"""What is answered past the framework."""

_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def create_app(services: Services, settings: Settings, *, pages: Sequence[APIRouter] = ()) -> FastAPI:
    """Return the application.

    Args:
        services: What the routes use.
        settings: The operator's decisions.
        pages: Routes of the editor; they hold no data, so they are open.
    """
    log_plainly()
    app = routed(pages)
    app.state.services = services
    app.state.settings = settings
    app.add_middleware(GZipMiddleware, minimum_size=1_000)
    app.add_middleware(Shortcut, owner=app, services=services, endpoints=ENDPOINTS)
    app.add_middleware(
        Threshold, hosts=settings.allowed_hosts, limit_of=_limit_of, https=settings.secure_cookies
    )
    return app


def _limit_of(path: str) -> int:
    """Return how many bytes a body may have: codes for a pool are never in memory all at once."""
    pool = path.startswith(f"{coupons.router.prefix}/") and path.endswith("/pool")
    return coupons.MAX_POOL if pool else MAX_BODY


def routed(pages: Sequence[APIRouter] = ()) -> FastAPI:
    """Return the routes with nothing behind them: enough to describe them."""
    app = Application(
        title="Regulars",
        description="Rules engine for membership programmes. See docs/http-api.md.",
        version=RELEASE,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        telemetry={"tracing": False},
    )
    install(app)
    for router in (*_ROUTERS, *pages):
        app.include_router(router)
    return app


def log_plainly() -> None:
    """Log JSON lines to standard error, so that they never mix with what a command prints.

    A traceback shows no local variables: they may hold keys and personal values.
    """
    structlog.configure(
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )


class Application(FastAPI):
    """FastAPI, with our problems and ways to authenticate in its description."""

    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI description."""
        if self.openapi_schema is None:
            described = super().openapi()
            _name_our_problems(described["paths"])
            components = described.setdefault("components", {})
            components["schemas"] = {"Problem": PROBLEM_SCHEMA}
            components["securitySchemes"] = {
                "key": {"type": "http", "scheme": "basic", "description": "The API key is the user name"},
                "bearer": {"type": "http", "scheme": "bearer", "description": "The API key"},
                "session": {"type": "apiKey", "in": "cookie", "name": COOKIE},
            }
            described["security"] = [{"key": []}, {"bearer": []}, {"session": []}]
        return self.openapi_schema or {}


def _name_our_problems(paths: dict[str, Any]) -> None:
    """Describe a refused parameter as it is answered, where FastAPI describes an answer of its own."""
    ours = responses("invalid-request")[422]
    for operation in (one for methods in paths.values() for one in methods.values()):
        told = operation["responses"].get("422")
        if told is not None and MEDIA_TYPE not in told["content"]:
            operation["responses"]["422"] = ours


class Threshold:
    """What every request and every answer passes: known hosts, bounded bodies, safe headers."""

    def __init__(
        self, app: ASGIApp, *, hosts: frozenset[str], limit_of: Callable[[str], int], https: bool
    ) -> None:
        """Stand before an application.

        Args:
            app: The application.
            hosts: Host names that we serve; `*.example.com` has every name below it, `*` all.
            limit_of: Tells by the address how many bytes a body may have, counted as it streams.
            https: Whether to tell browsers to use HTTPS only.
        """
        self._app = app
        self._hosts = hosts
        self._limit_of = limit_of
        headers = {**_HEADERS, **({"Strict-Transport-Security": "max-age=31536000"} if https else {})}
        self._of_pages = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        self._of_data = [*self._of_pages, (b"cache-control", b"no-store")]
        self._names = frozenset(name for name, _ in self._of_data)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        ours = self._of_data if scope["path"].startswith("/v1/") else self._of_pages

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                told = {name for name, _ in message["headers"]}
                added = ours if told.isdisjoint(self._names) else [one for one in ours if one[0] not in told]
                message["headers"] = [*message["headers"], *added]
            await send(message)

        headers = Headers(scope=scope)
        if not self._serves(headers.get("host", "")):
            refusal = Refusal("unknown-host", "Use a host name that REGULARS_ALLOWED_HOSTS lists.")
            await response_of(refusal)(scope, receive, send_safely)
            return
        told, limit = headers.get("content-length", ""), self._limit_of(scope["path"])
        if told.isascii() and told.isdigit() and int(told[:20]) > limit:
            await response_of(_too_large(limit))(scope, receive, send_safely)
            return
        await self._app(scope, self._counted(receive, limit), send_safely)

    @staticmethod
    def _counted(receive: Receive, limit: int) -> Receive:
        size = 0

        async def receive_counting() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > limit:
                raise _too_large(limit)
            return message

        return receive_counting

    def _serves(self, host: str) -> bool:
        name = host.lower() if host.endswith("]") else host.lower().rpartition(":")[0] or host.lower()
        if "*" in self._hosts or name in self._hosts:
            return True
        return any(known.startswith("*.") and name.endswith(known[1:]) for known in self._hosts)


def _too_large(limit: int) -> Refusal:
    return Refusal("too-large", f"The body may have at most {limit} bytes; send less at a time.")
