"""The pages as they are delivered: one document, strict headers, hashed assets."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from editor import pages

PATHS = [
    "/",
    "/login",
    "/rules",
    "/rules/new",
    "/rules/win-back-90d",
    "/library",
    "/library/win-back-90d",
    "/members",
    "/members/m-1",
    "/members/shop/m-1",
    "/decisions",
    "/decisions/17",
    "/replays",
    "/changes",
    "/proof",
    "/outbox",
    "/definitions",
    "/people",
    "/settings",
]


class Document(HTMLParser):
    """The scripts, styles and attributes of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.scripts: list[str | None] = []
        self.links: list[dict[str, str | None]] = []
        self.attributes: list[str] = []
        self.inline = ""
        self._inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag
        self.attributes += [name for name, _ in attrs]
        if tag == "script":
            self.scripts.append(dict(attrs).get("src"))
        if tag == "link":
            self.links.append(dict(attrs))

    def handle_data(self, data: str) -> None:
        if self._inside in {"script", "style"}:
            self.inline += data.strip()

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    @property
    def assets(self) -> list[str]:
        linked = [link["href"] for link in self.links if link.get("rel") in {"stylesheet", "modulepreload"}]
        return [address for address in (*self.scripts, *linked) if address is not None]


@pytest.fixture(scope="module")
def client() -> TestClient:
    app = FastAPI()
    app.include_router(pages.router)
    pages.mount_static(app)
    return TestClient(app)


@pytest.mark.parametrize("path", PATHS)
def test_every_page_is_the_studio(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert 200 == answer.status_code
    assert 'id="studio"' in answer.text


@pytest.mark.parametrize("path", PATHS)
def test_a_page_may_run_nothing_but_our_own_files(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "connect-src": "'self'",
        "font-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    } == policy
    assert "nosniff" == headers["x-content-type-options"]
    assert "same-origin" == headers["referrer-policy"]
    assert "no-cache" == headers["cache-control"]


def test_a_page_holds_no_script_and_no_style_of_its_own(client: TestClient) -> None:
    document = Document(client.get("/rules").text)
    assert "" == document.inline
    assert None not in document.scripts
    assert not [name for name in document.attributes if name == "style" or name.startswith("on")]


def test_every_asset_is_there_is_hashed_and_may_be_kept_for_ever(client: TestClient) -> None:
    assets = Document(client.get("/rules").text).assets
    assert {".js", ".css"} == {Path(address).suffix for address in assets}
    for address in assets:
        assert re.fullmatch(r"/static/assets/[\w.-]+-[\w-]{8}\.(js|css)", address)
        answer = client.get(address)
        assert 200 == answer.status_code
        assert "public, max-age=31536000, immutable" == answer.headers["cache-control"]
        assert "nosniff" == answer.headers["x-content-type-options"]


def test_what_has_no_hash_is_asked_for_anew(client: TestClient) -> None:
    answer = client.get("/static/icon.svg")
    assert 200 == answer.status_code
    assert "immutable" not in answer.headers.get("cache-control", "")


@pytest.mark.parametrize("path", ["/nowhere", "/rules/a/b", "/v2/rules"])
def test_an_unknown_address_has_a_page_in_both_languages(client: TestClient, path: str) -> None:
    answer = client.get(path)
    document = Document(answer.text)
    assert 404 == answer.status_code
    assert "text/html; charset=utf-8" == answer.headers["content-type"]
    assert pages.CONTENT_SECURITY_POLICY == answer.headers["content-security-policy"]
    assert "There is no such page" in answer.text
    assert "没有这个页面" in answer.text
    assert 'href="/rules"' in answer.text
    assert [] == document.scripts
    assert {".css"} == {Path(address).suffix for address in document.assets}


@pytest.mark.parametrize(
    ("method", "path", "accept"),
    [
        ("GET", "/v1/nowhere", "text/html"),
        ("GET", "/static/assets/gone.js", "*/*"),
        ("GET", "/nowhere", "application/json"),
        ("POST", "/nowhere", "*/*"),
    ],
)
def test_a_program_gets_no_page(client: TestClient, method: str, path: str, accept: str) -> None:
    answer = client.request(method, path, headers={"Accept": accept})
    assert 404 == answer.status_code
    assert "application/json" == answer.headers["content-type"]


def test_without_a_build_the_page_says_what_to_run(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(pages, "MANIFEST", tmp_path / "manifest.json")
    answer = client.get("/rules")
    assert 503 == answer.status_code
    assert "npm run build" in answer.text
    assert 404 == client.get("/nowhere").status_code
