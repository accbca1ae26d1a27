"""Serves the studio's pages and its built assets.

Every page is the same document: the script reads the address and shows what
belongs there. The pages hold no data, so they need no sign-in; the calls to
`/v1` behind them do.
"""

import json
from collections.abc import Awaitable, Callable
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final, cast

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

HERE: Final = Path(__file__).parent
ASSETS: Final = HERE / "static" / "assets"
MANIFEST: Final = ASSETS / ".vite" / "manifest.json"
BASE: Final = "/static/assets/"
ENTRY: Final = "src/main.tsx"
EDITOR: Final = "src/rule-editor/index.tsx"
LISTS: Final = "src/pages/index.ts"
HOME: Final = "src/pages/home/HomePage.tsx"

# No 'unsafe-inline' and no 'unsafe-eval': whatever gets into a page as text stays text.
CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    # The document names the hashed assets, so it has to be asked for anew after every deployment.
    "Cache-Control": "no-cache",
}

router = APIRouter(include_in_schema=False)
_templates = Environment(
    loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined
)


@lru_cache(maxsize=1)
def _manifest(_changed_at: int) -> dict[str, Any]:
    """Read the build's list of files; `_changed_at` makes a rebuild visible without a restart."""
    read: dict[str, Any] = json.loads(MANIFEST.read_text(encoding="utf-8"))
    return read


def _assets_of(part: str | None) -> dict[str, Any]:
    """Return the addresses of the script, the style sheets and the modules to load early.

    Args:
        part: Source of what the page shows, which the entry's script would only
            ask for once it runs; None if that is all in the entry.
    """
    manifest = _manifest(MANIFEST.stat().st_mtime_ns)
    waiting = [ENTRY, *([part] if part in manifest else [])]
    seen: list[str] = []
    while waiting:
        name = waiting.pop(0)
        if name not in seen:
            seen.append(name)
            waiting.extend(manifest[name].get("imports", []))
    styles = dict.fromkeys(css for name in seen for css in manifest[name].get("css", []))
    return {
        "script": manifest[ENTRY]["file"],
        "styles": list(styles),
        "preloads": [manifest[name]["file"] for name in seen if name != ENTRY],
    }


def _studio(part: str | None) -> Response:
    if not MANIFEST.is_file():
        said = "The studio's assets are missing: run `npm ci` and `npm run build` in editor/, then reload."
        return HTMLResponse(said, status_code=503, headers=HEADERS)
    page = _templates.get_template("studio.html").render(base=BASE, **_assets_of(part))
    return HTMLResponse(page, headers=HEADERS)


@router.get("/")
def home() -> Response:
    """Show how the programme is today."""
    return _studio(HOME)


@router.get("/login")
def sign_in() -> Response:
    """Show where people sign in."""
    return _studio(None)


@router.get("/rules/new")
def editor() -> Response:
    """Show the rule editor, empty."""
    return _studio(EDITOR)


@router.get("/rules/{key}")
def editor_of(key: str) -> Response:  # noqa: ARG001 - the script reads it from the address
    """Show a rule in the editor."""
    return _studio(EDITOR)


@router.get("/rules")
@router.get("/library")
@router.get("/members")
@router.get("/decisions")
@router.get("/tags")
@router.get("/tasks")
@router.get("/campaigns")
@router.get("/broadcasts")
@router.get("/figures")
@router.get("/settlement")
@router.get("/replays")
@router.get("/changes")
@router.get("/proof")
@router.get("/outbox")
@router.get("/definitions")
@router.get("/people")
@router.get("/settings")
def page() -> Response:
    """Show one of the other pages."""
    return _studio(LISTS)


@router.get("/library/{key}")
def page_of_library(key: str) -> Response:  # noqa: ARG001 - the script reads it from the address
    """Show a rule of the library."""
    return _studio(LISTS)


@router.get("/campaigns/{campaign}")
def page_of_campaign(campaign: str) -> Response:  # noqa: ARG001 - the script reads it from the address
    """Show how a campaign goes."""
    return _studio(LISTS)


@router.get("/decisions/{decision}")
def page_of_decision(decision: str) -> Response:  # noqa: ARG001 - the script reads it from the address
    """Show the page of a decision."""
    return _studio(LISTS)


@router.get("/members/{member:path}")
def page_of_member(member: str) -> Response:  # noqa: ARG001 - the script reads it from the address
    """Show the page of a member, whose id may hold slashes."""
    return _studio(LISTS)


class _Assets(StaticFiles):
    """Static files whose hashed names never change what they hold."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer with a file that may be kept for ever, unless it is not there.

        Args:
            path: Path below `/static`.
            scope: What the server knows of the request.
        """
        response = await super().get_response(path, scope)
        response.headers["X-Content-Type-Options"] = "nosniff"
        lasting = Request(scope).url.path.startswith("/static/assets/") and "/.vite/" not in path
        if response.status_code in {200, 304} and lasting:
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def mount_static(app: FastAPI) -> None:
    """Serve the built assets under `/static`, and a page to whoever went astray.

    Args:
        app: The application that serves the pages; it deals with the errors of programs.
    """
    app.mount("/static", _Assets(directory=HERE / "static", check_dir=False), name="static")
    tell_programs = cast(
        "Callable[[Request, Exception], Awaitable[Response]]", app.exception_handlers[HTTPException]
    )

    async def stray(request: Request, error: Exception) -> Response:
        return _nowhere() if _is_person(request) else await tell_programs(request, error)

    app.add_exception_handler(HTTPStatus.NOT_FOUND, stray)


def _is_person(request: Request) -> bool:
    """Return whether a page is asked for: programs use `/v1`, ask for JSON, or send something."""
    path = request.url.path
    ours = path == "/v1" or path.startswith(("/v1/", "/static/"))
    return request.method in {"GET", "HEAD"} and not ours and "json" not in request.headers.get("accept", "")


def _nowhere() -> Response:
    assets = _assets_of(None) if MANIFEST.is_file() else {"styles": []}
    page = _templates.get_template("nowhere.html").render(base=BASE, styles=assets["styles"])
    return HTMLResponse(page, status_code=HTTPStatus.NOT_FOUND, headers=HEADERS)
