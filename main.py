"""The command line of Regulars, and the only place that puts every part together."""

import gc
import json
import sys
import tempfile
import zoneinfo
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from secrets import token_urlsafe
from typing import Annotated, Any, Literal, TypeVar

import msgspec
import structlog
import typer
import uvicorn
from httpx2 import TransportError
from rich.console import Console as Terminal
from rich.progress import Progress as Bar

from api.app import create_app, log_plainly
from api.channels.console import Console
from api.channels.smtp import MailServer, Smtp
from api.channels.webhook import Webhooks
from api.clock import SystemClock
from api.crypto import CryptoError, Keyring, master_key
from api.deps import Services
from api.service.composing import Composer
from api.service.definitions import DefinitionsService
from api.service.deliver import Delivery, DeliveryWorker
from api.service.door import Door
from api.service.evaluate import Evaluation
from api.service.imports import Imported, Imports, Parts, Progress, described
from api.service.ingest import Ingest, Submission, Submitted, refresh
from api.service.metrics import DIFFERENCES
from api.service.people import People
from api.service.publish import Publishing
from api.service.refusal import Refusal
from api.service.replaying import replay_log
from api.service.replays import Replays
from api.service.rulebook import Rulebook
from api.service.rules import RulesService
from api.service.timers import Timers
from api.service.vault import Vault
from api.service.views import Views
from api.service.warming import Warming
from api.settings import Settings
from api.store import migrate as migrations
from api.store.connection import Connection
from api.store.database import Database
from api.store.errors import StoreError
from api.store.figures import figures as figures_of
from api.store.grants import TotalGrants
from api.store.writer import Writer
from api.wire.history import decoder_of
from api.wire.remote import Remote
from editor import pages
from engine.errors import EngineError, InvalidRule
from engine.language.catalogue import Definitions
from engine.language.document import RuleDocument
from engine.language.parse import parse_rule
from engine.values import parse_instant
from rule_library import library, library_definitions
from rule_library.tea_shop import history

T = TypeVar("T")
OPERATOR = "command line"
ADMINISTRATOR = "admin"
LEFT_AS_DRAFTS = ("high-activity-ends", "win-back-journey")
"""Rules of the library that the demonstration leaves for people to publish themselves."""

Url = Annotated[str | None, typer.Option(help="Let the server at this address do it.")]
Key = Annotated[str | None, typer.Option(help="API key for --url.", envvar="REGULARS_KEY")]

cli = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Regulars 常客: membership rules that can be replayed."
)
say = Terminal(stderr=True, highlight=False)
_log = structlog.get_logger("regulars")


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """Every part, put together over one database."""

    settings: Settings
    database: Database
    writer: Writer[Submission, Submitted]
    totals: TotalGrants
    services: Services
    publishing: Publishing
    imports: Imports
    worker: DeliveryWorker

    def close(self) -> None:
        """Finish what is under way, then let go of everything."""
        self.worker.close()
        self.writer.close()
        self.totals.close()
        self.database.dispose()


def assemble(settings: Settings, *, timers: bool) -> Programme:
    """Put the parts together.

    Args:
        settings: What the operator decided.
        timers: Whether the worker of the clock runs; only a server's does.
    """
    clock = SystemClock()
    secret = settings.secret.get_secret_value() if settings.secret is not None else None
    keyring = Keyring(master_key(secret, settings.key_file))
    database = Database.open(settings.database_url)
    sample = round(1 / settings.check_sample) if settings.check_sample > 0 else 0
    rulebook = Rulebook(sample=sample, on_difference=_difference)
    totals, vault, door = TotalGrants(database, clock), Vault(keyring), Door(keyring)
    ingest = Ingest(rulebook, totals, vault, clock)
    tick = Timers(rulebook, totals, clock).tick if timers else None
    writer: Writer[Submission, Submitted] = Writer(
        database, ingest.process, clock, tick=tick, max_queued=settings.max_queue
    )
    ingest.bind(writer)

    def run(work: Callable[[Connection], T]) -> T:
        return writer.submit_job(work).result()

    with database.write() as connection:
        refresh(connection, rulebook)
    publishing = Publishing(rulebook, run, database.read, clock, Warming())
    delivery = _delivery(settings, database, run, Composer(rulebook, vault, keyring), clock)
    services = Services(
        clock=clock,
        rulebook=rulebook,
        door=door,
        people=People(database, run, keyring, clock),
        ingest=ingest,
        rules=RulesService(database, run, rulebook, clock),
        definitions=DefinitionsService(rulebook, publishing, run, keyring),
        publish=publishing,
        evaluate=Evaluation(database, rulebook, clock),
        replays=Replays(database.read, run, clock),
        views=Views(database, rulebook, vault, door, clock),
        delivery=delivery,
    )
    return Programme(
        settings=settings,
        database=database,
        writer=writer,
        totals=totals,
        services=services,
        publishing=publishing,
        imports=Imports(Parts(rulebook, totals, vault, door, clock, database.write)),
        worker=DeliveryWorker(delivery, settings.deliver_every),
    )


def _delivery(
    settings: Settings, database: Database, run: Any, composer: Composer, clock: SystemClock
) -> Delivery:
    console = Console()
    channels: dict[str, Any] = {"console": console}
    if settings.message_channels == "smtp":
        password = settings.smtp_password.get_secret_value() if settings.smtp_password else None
        channels["email"] = Smtp(
            MailServer(
                settings.smtp_host, settings.smtp_port, settings.smtp_from, settings.smtp_user, password
            )
        )
    webhooks = Webhooks(allow_private=settings.allow_private_webhooks)
    return Delivery(database, run, composer, clock, channels=channels, webhooks=webhooks)


def _difference(topic: str, facts: Any, expected: list[int], got: list[int]) -> None:
    DIFFERENCES.inc()
    _log.error("matcher_differs", topic=topic, facts=repr(facts), reference=expected, network=got)


@cli.callback()
def begin() -> None:
    """Regulars 常客: membership rules that can be replayed."""
    # Zones come from the pinned tzdata package, never from the machine: decisions depend on them.
    zoneinfo.reset_tzpath(to=[])
    log_plainly()
    # Events, states and decisions are trees without cycles, so looking for cycles as often as by default
    # only costs time: about a fifth of an import.
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


def _settings() -> Settings:
    return Settings()


@contextmanager
def _programme() -> Iterator[Programme]:
    """Open everything for a command that writes; explain what stands in the way."""
    with _explained():
        programme = assemble(_settings(), timers=False)
    programme.writer.start()
    try:
        with _explained():
            yield programme
    finally:
        programme.close()


@contextmanager
def _reading() -> Iterator[Connection]:
    """Open one snapshot for a command that only reads; a server may go on writing."""
    with (
        _explained(),
        Database.open(_settings().database_url, writable=False) as database,
        database.read() as connection,
    ):
        yield connection


@contextmanager
def _explained() -> Iterator[None]:
    """Turn what people can act on into one clear line and exit code 2."""
    try:
        yield
    except Refusal as error:
        say.print(f"[red]{error.detail}[/red]")
        for finding in error.findings:
            say.print(f"  {finding.path}: {finding.text}")
        raise typer.Exit(2) from error
    except (StoreError, CryptoError, EngineError, OSError, TransportError) as error:
        say.print(f"[red]{error}[/red]")
        raise typer.Exit(2) from error


@cli.command()
def migrate() -> None:
    """Bring the database to the newest shape; it is made if it doesn't exist."""
    with _explained():
        migrations.upgrade(_settings().database_url)


@cli.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="TCP port; 0 for a free one.")] = None,
) -> None:
    """Serve the studio and the HTTP interface, and fire timers as they fall due."""
    settings = _settings()
    with _explained():
        migrations.upgrade(settings.database_url)
        programme = assemble(settings, timers=True)
    programme.writer.start()
    programme.worker.start()
    try:
        app = create_app(programme.services, settings, pages=[pages.router])
        pages.mount_static(app)
        address = host or settings.host
        number = settings.port if port is None else port
        say.print(f"Regulars is at [bold]http://{address}:{number}[/bold]")
        uvicorn.run(app, host=address, port=number, log_level="warning", server_header=False)
    finally:
        programme.close()


@cli.command()
def demo(
    if_empty: Annotated[
        bool, typer.Option("--if-empty", help="Do nothing if there are people already.")
    ] = False,
    members: Annotated[int, typer.Option(help="How many members to invent.")] = 300,
) -> None:
    """Load the rule library and a year of an invented tea shop, and make an administrator."""
    with _explained():
        migrations.upgrade(_settings().database_url)
    with _programme() as programme:
        if programme.services.people.any_person():
            if if_empty:
                return
            say.print(
                "[red]There are people in this database already; the demonstration needs an empty one.[/red]"
            )
            raise typer.Exit(2)
        programme.services.definitions.merge(library_definitions(), by=OPERATOR)
        documents = [entry.document for entry in library()]
        published = [one for one in documents if one.key not in LEFT_AS_DRAFTS]
        programme.publishing.publish_documents(published, by=OPERATOR)
        for one in documents:
            if one.key in LEFT_AS_DRAFTS:
                programme.services.rules.save_draft(one.key, one.canonical(), etag=None, by=OPERATOR)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "tea-shop.jsonl"
            path.write_bytes(b"".join(history(members, datetime.now(UTC))))
            _import(programme, path, "as-it-was", None, source="demo")
        key = programme.services.people.create_key("demo", ["events:write", "members:read", "decisions:read"])
        password = token_urlsafe(12)
        programme.services.people.create_person(ADMINISTRATOR, "administrator", password)
    say.print("\nThe demonstration is loaded. These are shown only now:")
    say.print(
        f"  sign in as [bold]{ADMINISTRATOR}[/bold] with the password [bold]{password}[/bold]", soft_wrap=True
    )
    say.print(f"  post events with the key [bold]{key}[/bold]\n", soft_wrap=True)


@cli.command()
def publish(
    files: Annotated[list[Path], typer.Argument(help="Rule documents, *.rule.json.")],
    url: Url = None,
    key: Key = None,
) -> None:
    """Check rules and publish them."""
    documents = [_document(file) for file in files]
    if url is not None:
        with _explained(), Remote(url, _key(key)) as remote:
            changed = remote.publish(documents)
    else:
        with _programme() as programme:
            changed = programme.publishing.publish_documents(documents, by=OPERATOR)
    for document in documents:
        say.print(f"{document.key}: {'published' if document.key in changed else 'already in force'}")


def _key(given: str | None) -> str:
    if given is None:
        say.print("[red]--url needs --key: an API key with the scope rules:write (see create-key)[/red]")
        raise typer.Exit(2)
    return given


def _document(file: Path) -> RuleDocument:
    try:
        return parse_rule(file.read_bytes())
    except OSError as error:
        say.print(f"[red]{error}[/red]")
        raise typer.Exit(2) from error
    except InvalidRule as error:
        say.print(f"[red]{file} is not a rule:[/red]")
        for problem in error.problems:
            say.print(f"  {problem.path or '/'}: {problem.text['en']}")
        raise typer.Exit(1) from error


@cli.command()
def define(
    file: Annotated[Path, typer.Argument(help="Definitions as JSON.")], url: Url = None, key: Key = None
) -> None:
    """Put tags, coupons, templates, endpoints, events and attributes in force."""
    try:
        definitions = Definitions.model_validate_json(file.read_bytes())
    except (OSError, ValueError) as error:
        say.print(f"[red]{file} doesn't hold definitions: {error}[/red]")
        raise typer.Exit(2) from error
    if url is not None:
        with _explained(), Remote(url, _key(key)) as remote:
            secrets = remote.define(definitions)
    else:
        with _programme() as programme:
            secrets = programme.services.definitions.merge(definitions, by=OPERATOR)
    for endpoint, secret in secrets.items():
        say.print(f"{endpoint} is signed with [bold]{secret}[/bold]; this is shown only now", soft_wrap=True)


@cli.command(name="import")
def import_(
    file: Annotated[Path, typer.Argument(help="JSON lines of Segment calls, or CSV.")],
    mode: Annotated[
        str, typer.Option(help="as-it-was: rules fire as time goes by. facts-only: no rule fires.")
    ],
    until: Annotated[
        str | None, typer.Option(help="Instant up to which events and timers are taken.")
    ] = None,
    source: Annotated[str, typer.Option(help="Source of the events.")] = "import",
) -> None:
    """Take in history. It can be stopped and run again: nothing is taken in twice."""
    if mode not in {"as-it-was", "facts-only"}:
        say.print("[red]--mode is as-it-was or facts-only[/red]")
        raise typer.Exit(2)
    with _explained():
        end = parse_instant(until) if until is not None else None
        migrations.upgrade(_settings().database_url)
    with _programme() as programme:
        chosen: Literal["as-it-was", "facts-only"] = "as-it-was" if mode == "as-it-was" else "facts-only"
        imported = _import(programme, file, chosen, end, source=source)
    say.print(described(imported, end))
    if imported.rejected:
        refused = file.with_suffix(f"{file.suffix}.rejected")
        refused.write_text("".join(f"{one.line}\t{one.reason}\n" for one in imported.rejected))
        say.print(f"[red]the rejected lines and their reasons are in {refused}[/red]")
        raise typer.Exit(1)


def _import(
    programme: Programme,
    file: Path,
    mode: Literal["as-it-was", "facts-only"],
    until: int | None,
    *,
    source: str,
) -> Imported:
    decode = decoder_of(file, programme.services.clock)
    with Bar(console=say, transient=True) as bar:
        tasks = {step: bar.add_task(step, total=None) for step in ("reading", "deciding", "clock")}

        def progress(one: Progress) -> None:
            bar.update(tasks[one.step], completed=one.done, total=one.total or None)

        return programme.imports.run(file, decode, source=source, mode=mode, until=until, progress=progress)


@cli.command()
def replay(
    member: Annotated[str | None, typer.Option(help="Key of the one member to replay.")] = None,
    verify: Annotated[bool, typer.Option("--verify", help="Exit with 1 if anything differs.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Decide the log again and compare with everything that was recorded."""
    with _reading() as connection, Bar(console=say, transient=True) as bar:
        task = bar.add_task("replaying", total=None)
        report = replay_log(connection, member=member, progress=partial(_advance, bar, task))
    if as_json:
        print(json.dumps(msgspec.to_builtins(report), ensure_ascii=False, indent=2))
    else:
        say.print(
            f"{report.checked} entries of {report.members} members decided again, digest {report.digest}"
        )
        for one in report.divergences[:20]:
            say.print(
                f"[red]decision {one.decision} of {one.member}: {one.path}: "
                f"{one.recorded!r} ≠ {one.replayed!r}[/red]"
            )
        say.print(f"{len(report.divergences) + report.more} divergences")
    if verify and report.divergences:
        raise typer.Exit(1)


def _advance(bar: Bar, task: Any, done: int) -> None:
    bar.update(task, completed=done)


@cli.command()
def summary(as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False) -> None:
    """Print the figures of the programme."""
    with _reading() as connection:
        figures = figures_of(connection)._asdict()
    if as_json:
        print(json.dumps(figures, ensure_ascii=False, indent=2))
    else:
        say.print_json(json.dumps(figures, ensure_ascii=False))


@cli.command(name="create-user")
def create_user(
    name: str,
    role: Annotated[str, typer.Option(help="marketer, auditor or administrator.")] = "marketer",
    password: Annotated[str | None, typer.Option(help="By default one is generated and printed.")] = None,
) -> None:
    """Let a person in, or give one a new role and password."""
    given = password or token_urlsafe(12)
    with _programme() as programme:
        programme.services.people.create_person(name, role, given)
    if password is None:
        print(given)


@cli.command(name="create-key")
def create_key(
    source: Annotated[str, typer.Argument(help="Source of the events that it posts.")],
    scope: Annotated[list[str], typer.Option(help="A scope; repeat for several.")] = ["events:write"],  # noqa: B006  typer copies it
) -> None:
    """Make an API key and print it; it isn't kept in the clear."""
    with _programme() as programme:
        print(programme.services.people.create_key(source, scope))


@cli.command()
def openapi() -> None:
    """Print the OpenAPI description."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(DATABASE_URL=f"sqlite:///{folder}/openapi.db")
        migrations.upgrade(settings.database_url)
        programme = assemble(settings, timers=False)
        json.dump(
            create_app(programme.services, settings).openapi(), sys.stdout, ensure_ascii=False, indent=1
        )
        programme.database.dispose()


if __name__ == "__main__":
    cli()
