"""Who is calling, and whether they may; and the services that routes use.

Every route names its guard. A route without one is refused by a test.
"""

import base64
import binascii
from collections.abc import Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Annotated, Final, NamedTuple, Protocol, get_args
from urllib.parse import urlsplit

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from api.clock import Clock
from api.service.accounts import Accounts
from api.service.api_keys import Keys
from api.service.approvals import Approvals
from api.service.audience import Audiences
from api.service.auditing import Auditing
from api.service.backtests import Backtests
from api.service.bookkeeping import Bookkeeping
from api.service.broadcasts import Broadcasts
from api.service.calls import Call, IngestResult
from api.service.campaigns import Campaigns
from api.service.conflicts import Conflicts
from api.service.contact import Contact
from api.service.definition_uses import DefinitionUses
from api.service.definitions import DefinitionsService
from api.service.door import Door
from api.service.duplicates import Duplicates
from api.service.erasing import Erasing
from api.service.evaluate import Evaluation
from api.service.exporting_member import MemberExports
from api.service.impact import Impact
from api.service.issuing import Issuing
from api.service.key_figures import KeyFigures
from api.service.library import Library
from api.service.looking_back import LookingBack
from api.service.outgoing import Outbox
from api.service.partners import Partners
from api.service.people import People, Role, Scope
from api.service.pools import Pools
from api.service.programme_settings import ProgrammeSettings
from api.service.proof.proving import Proving
from api.service.proof.sealing import Sealing
from api.service.proof.verification import Verification
from api.service.public_text import PublicTexts
from api.service.publish import Publishing
from api.service.redemptions import Redemptions
from api.service.refusal import Refusal
from api.service.replays import Replays
from api.service.research import Research
from api.service.rule_list import RuleList
from api.service.rulebook import Rulebook
from api.service.rules import RulesService
from api.service.segments import Segments
from api.service.tags import TagsService
from api.service.tasks import Tasks
from api.service.today import Today
from api.service.verifying import Verifying
from api.service.views import Views
from api.service.wheels import Wheels
from api.service.whys import Whys

COOKIE: Final = "regulars_session"
SECURE_COOKIE: Final = "__Host-regulars_session"
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_SAME_SITE: Final = frozenset({"same-origin", "none"})


class Taking(Protocol):
    """What the ingest routes need of ingest."""

    def submit(self, calls: list[Call]) -> Future[list[IngestResult]]:
        """Take calls in; the future has a result for each once they are durable."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Every service that routes use; `api.assembly` makes them."""

    clock: Clock
    rulebook: Rulebook
    door: Door
    people: People
    accounts: Accounts
    keys: Keys
    settings: ProgrammeSettings
    ingest: Taking
    rules: RulesService
    approvals: Approvals
    auditing: Auditing
    rule_list: RuleList
    library: Library
    definitions: DefinitionsService
    definition_uses: DefinitionUses
    conflicts: Conflicts
    publish: Publishing
    evaluate: Evaluation
    replays: Replays
    backtests: Backtests
    views: Views
    looking_back: LookingBack
    whys: Whys
    outgoing: Outbox
    contact: Contact
    redemptions: Redemptions
    issuing: Issuing
    pools: Pools
    books: Bookkeeping
    wheels: Wheels
    tasks: Tasks
    verifying: Verifying
    public_texts: PublicTexts
    research: Research
    partners: Partners
    segments: Segments
    impact: Impact
    audiences: Audiences
    broadcasts: Broadcasts
    campaigns: Campaigns
    key_figures: KeyFigures
    today: Today
    tags: TagsService
    duplicates: Duplicates
    erasing: Erasing
    exports: MemberExports
    sealing: Sealing
    proving: Proving
    verification: Verification


class Caller(NamedTuple):
    """Whoever sent the request: a person with a role, or a backend with scopes.

    Attributes:
        name: The person's name, or the key's id.
        role: The person's role; None for a backend.
        source: `source` of what a backend posts; empty for a person.
        scopes: What a backend may do.
        temporary: Whether it is a person who must change the password first.
    """

    name: str
    role: Role | None = None
    source: str = ""
    scopes: frozenset[str] = frozenset()
    temporary: bool = False


def services_of(request: Request) -> Services:
    """Return the application's services."""
    services: Services = request.app.state.services
    return services


ServicesDep = Annotated[Services, Depends(services_of)]


class Guard:
    """Lets a request pass if its caller has one of the roles or scopes.

    Attributes:
        roles: Roles that may.
        scopes: Scopes that may.
        temporary: Whether a person may who must change the password first.
    """

    def __init__(
        self, *, roles: Iterable[Role] = (), scopes: Iterable[Scope] = (), temporary: bool = False
    ) -> None:
        """Name who may; nobody by default."""
        self.roles = frozenset(roles)
        self.scopes = frozenset(scopes)
        self.temporary = temporary

    async def __call__(self, request: Request) -> Caller:
        """Return the caller.

        Raises:
            Refusal: `unauthenticated`, `forbidden`, `password-change-required` or `cross-origin`.
        """
        caller = await who(request)
        if caller.role is None:
            if not self.scopes:
                raise Refusal("forbidden", "This is for people; sign in.")
            if not self.scopes & caller.scopes:
                raise Refusal("forbidden", f"The key needs one of these scopes: {_listed(self.scopes)}.")
            return caller
        if caller.role not in self.roles:
            if not self.roles:
                raise Refusal("forbidden", "This is for backends; send an API key.")
            raise Refusal("forbidden", f"This needs one of these roles: {_listed(self.roles)}.")
        if caller.temporary and not self.temporary:
            raise Refusal("password-change-required", "Choose a password of your own first.")
        if request.method not in _SAFE:
            require_same_origin(request)
        return caller


class Anyone:
    """The guard of a route that is meant to be open."""

    async def __call__(self) -> None:
        """Let everybody pass."""


class Watcher(Guard):
    """The guard of the metrics: a key with the scope, or a caller on this machine."""

    async def __call__(self, request: Request) -> Caller:
        """Return the caller.

        Raises:
            Refusal: `unauthenticated` or `forbidden`.
        """
        if "authorization" not in request.headers and _is_loopback(request):
            return Caller("loopback")
        return await super().__call__(request)


async def who(request: Request) -> Caller:
    """Return who sent a request.

    Raises:
        Refusal: `unauthenticated`.
    """
    people = services_of(request).people
    key = _api_key(request)
    if key is not None:
        backend = people.known_backend(key) or await run_in_threadpool(people.backend, key)
        if backend is not None:
            return Caller(backend.key, None, backend.source, backend.scopes)
        raise Refusal("unauthenticated", "The API key is not known, or was revoked.")
    cookie = request.cookies.get(SECURE_COOKIE) or request.cookies.get(COOKIE)
    person = await run_in_threadpool(people.person, cookie) if cookie else None
    if person is None:
        raise Refusal("unauthenticated", "Sign in, or send an API key as the user name of HTTP Basic.")
    return Caller(person.name, person.role, temporary=person.temporary)


def require_same_origin(request: Request) -> None:
    """Refuse what another site lets a signed-in person's browser send.

    Raises:
        Refusal: `cross-origin`.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site is not None:
        same = site in _SAME_SITE
    else:
        same = origin is not None and urlsplit(origin).netloc == request.headers.get("host")
    if not same:
        raise Refusal(
            "cross-origin", "Send it from our own pages, or with an Origin header that names this host."
        )


def _api_key(request: Request) -> str | None:
    """Return the key in `Authorization`: the user name of Basic, or the token of Bearer."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return given.strip()
    if scheme.lower() != "basic":
        return None
    try:
        return base64.b64decode(given, validate=True).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _is_loopback(request: Request) -> bool:
    try:
        return request.client is not None and ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


_EVERYBODY: Final[tuple[Role, ...]] = get_args(Role)
PERSON: Final = Guard(roles=_EVERYBODY)
NEWCOMER: Final = Guard(roles=_EVERYBODY, temporary=True)
MARKETER: Final = Guard(roles=["marketer", "administrator"], scopes=["rules:write"])
APPROVER: Final = Guard(roles=["approver", "administrator"])
PUBLISHER: Final = Guard(roles=["marketer", "approver", "administrator"], scopes=["rules:write"])
ADMINISTRATOR: Final = Guard(roles=["administrator"])
RULE: Final = Guard(roles=_EVERYBODY, scopes=["rules:write"])
AUDIT: Final = Guard(roles=["auditor", "administrator"])
SENDER: Final = Guard(scopes=["events:write"])
RESENDING: Final = Guard(roles=["marketer", "approver", "administrator"])
MEMBERS: Final = Guard(roles=_EVERYBODY, scopes=["members:read"])
DECISIONS: Final = Guard(roles=_EVERYBODY, scopes=["decisions:read"])
TRYING: Final = Guard(roles=_EVERYBODY, scopes=["decisions:read"])
TILL: Final = Guard(scopes=["redeem"])
QUOTES: Final = Guard(roles=_EVERYBODY, scopes=["redeem"])
RELEASE: Final = Guard(roles=["marketer", "administrator"], scopes=["redeem"])
GIVING: Final = Guard(roles=["marketer", "administrator"], scopes=["members:write"])
ERASING: Final = Guard(roles=["administrator"], scopes=["members:erase"])
EXPORTING: Final = Guard(roles=["administrator"], scopes=["members:export"])
METRICS: Final = Watcher(scopes=["metrics:read"])
ANYONE: Final = Anyone()
