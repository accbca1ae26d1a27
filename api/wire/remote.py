"""The command line's way through a server that runs: what it would write, it asks the server to."""

from collections.abc import Sequence
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import quote

import httpx2

from api.service.refusal import Finding, Refusal
from engine import canonical
from engine.language.catalogue import Definitions
from engine.language.document import RuleDocument

_SECONDS: Final = 120.0
_KINDS: Final = {
    "tags": "key",
    "coupons": "key",
    "templates": "key",
    "endpoints": "key",
    "attributes": "name",
    "events": "name",
}


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
            before = self._client.get(path)
            stands = before.json() if before.status_code != httpx2.codes.NOT_FOUND else None
            if before.status_code != httpx2.codes.NOT_FOUND:
                _checked(before)
            if stands is not None and stands["published"] == document.plain() and not stands["has_draft"]:
                continue
            headers = {"Content-Type": "application/json"} | ({"If-Match": stands["etag"]} if stands else {})
            _checked(self._client.put(f"{path}/draft", content=document.canonical(), headers=headers))
            _checked(self._client.post(f"{path}/publish", json={"past": "skip"}))
            changed.append(document.key)
        return changed

    def define(self, definitions: Definitions) -> dict[str, str]:
        """Put definitions in force; return the secrets of new endpoints.

        Raises:
            Refusal: As the server says it.
        """
        if definitions.programme is not None:
            raise Refusal("invalid-request", "Stop the server to change the programme itself.")
        secrets: dict[str, str] = {}
        for kind, name in _KINDS.items():
            for one in getattr(definitions, kind):
                said: dict[str, Any] = one.model_dump(mode="json", exclude_none=True)
                path = f"/v1/definitions/{kind}/{quote(said[name], safe='')}"
                headers = {"Content-Type": "application/json"}
                answer = _checked(self._client.put(path, content=canonical.encode(said), headers=headers))
                if "secret" in answer.json():
                    secrets[said[name]] = answer.json()["secret"]
        return secrets


def _checked(answer: httpx2.Response) -> httpx2.Response:
    if answer.is_success:
        return answer
    problem: dict[str, Any] = answer.json()
    findings = [Finding(one["path"], one["text"]) for one in problem.get("errors", [])]
    raise Refusal(problem["code"], problem["detail"], findings, diagnostics=problem.get("diagnostics"))
