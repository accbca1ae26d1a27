"""The command line's way through a server that runs: what it would write, it asks the server to."""

from collections.abc import Sequence
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import quote

import httpx2

from api.service.definitions import KINDS
from api.service.refusal import Finding, Refusal
from engine import canonical
from engine.language.definitions import Definitions
from engine.language.document import RuleDocument

_SECONDS: Final = 120.0


class Remote:
    """A server, spoken to with an API key that has the scope `rules:write`."""

    def __init__(self, url: str, key: str) -> None:
        """Speak to a server.

        Args:
            url: The address that it serves, such as `http://127.0.0.1:8000`.
            key: The API key.
        """
        self._client = httpx2.Client(base_url=url, auth=(key, ""), timeout=_SECONDS, trust_env=False)

    def __enter__(self) -> Self:
        """Return the server."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connection."""
        self._client.close()

    def publish(self, documents: Sequence[RuleDocument]) -> list[str]:
        """Publish rules; return the keys of those that were new or changed.

        Raises:
            Refusal: As the server says it.
        """
        changed: list[str] = []
        for document in documents:
            path = f"/v1/rules/{quote(document.key, safe='')}"
            stands = self._ask("GET", path, none_if_missing=True)
            if stands is not None and stands["published"] == document.plain() and not stands["has_draft"]:
                continue
            etag = {"If-Match": stands["etag"]} if stands is not None else {}
            self._ask("PUT", f"{path}/draft", document.canonical(), etag)
            self._ask("POST", f"{path}/publish", canonical.encode({"past": "skip"}))
            changed.append(document.key)
        return changed

    def define(self, definitions: Definitions) -> dict[str, str]:
        """Put definitions in force; return the secrets of new endpoints.

        A definition may name one that stands behind it: what is refused is sent again after the rest, until
        nothing more is taken.

        Raises:
            Refusal: As the server says it.
        """
        if definitions.programme is not None:
            raise Refusal("invalid-request", "Stop the server to change the programme itself.")
        secrets: dict[str, str] = {}
        wanted: list[tuple[str, str, bytes]] = []
        for kind, (_, name) in KINDS.items():
            for one in getattr(definitions, kind):
                said: dict[str, Any] = one.model_dump(mode="json", by_alias=True, exclude_none=True)
                path = f"/v1/definitions/{kind}/{quote(said[name], safe='')}"
                wanted.append((said[name], path, canonical.encode(said)))
        while wanted:
            left: list[tuple[str, str, bytes]] = []
            refused: Refusal | None = None
            for key, path, body in wanted:
                try:
                    answer = self._ask("PUT", path, body)
                except Refusal as refusal:
                    if refusal.code != "invalid-request":
                        raise
                    refused = refused or refusal
                    left.append((key, path, body))
                    continue
                if "secret" in answer:
                    secrets[key] = answer["secret"]
            if refused is not None and len(left) == len(wanted):
                raise refused
            wanted = left
        return secrets

    def _ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
        *,
        none_if_missing: bool = False,
    ) -> Any:
        """Return what the server answers, or None for a 404 that is expected."""
        told = {"Content-Type": "application/json"} if body is not None else {}
        address = self._client.base_url
        try:
            answer = self._client.request(method, path, content=body, headers=told | (headers or {}))
        except httpx2.TransportError as error:
            raise Refusal("unavailable", f"{address} can't be reached: {error}") from error
        said = _decoded(answer)
        if said is None or ("code" in said) == answer.is_success:
            raise Refusal(
                "unavailable",
                f"{address} is no Regulars server (it answers {answer.status_code}); see --url.",
            )
        if answer.is_success:
            return said
        if none_if_missing and said["code"] == "not-found":
            return None
        raise _refusal(said)


def _decoded(answer: httpx2.Response) -> dict[str, Any] | None:
    try:
        said = answer.json()
    except ValueError:
        return None
    return said if isinstance(said, dict) else None


def _refusal(problem: dict[str, Any]) -> Refusal:
    """Return a problem of the server as if it had been ours."""
    diagnostics = problem.get("diagnostics")
    errors = [one for one in diagnostics or [] if one["severity"] == "error"]
    findings = [
        *(Finding(one["path"], one["text"]) for one in problem.get("errors", [])),
        *(Finding(one["path"], one["text"]["en"]) for one in errors),
    ]
    return Refusal(problem["code"], problem["detail"], findings, diagnostics=diagnostics)
