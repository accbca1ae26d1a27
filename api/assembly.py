"""The service put together over one database: the only place that names every concrete part of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import structlog

from api.channels.console import Console
from api.channels.outgoing import Channel
from api.channels.smtp import MailServer, Smtp
from api.channels.webhook import Webhooks
from api.clock import Clock
from api.crypto import Keyring, master_key
from api.deps import Services
from api.service.accounts import Accounts
from api.service.api_keys import Keys
from api.service.approvals import Approvals
from api.service.audience import Audiences
from api.service.auditing import Auditing
from api.service.backtests import Backtests
from api.service.bookkeeping import Bookkeeping
from api.service.broadcasts import Broadcasts
from api.service.campaigns import Campaigns
from api.service.composing import Composer
from api.service.conflicts import Conflicts
from api.service.contact import Contact
from api.service.controlling import take_over
from api.service.counting import Counting
from api.service.definition_uses import DefinitionUses
from api.service.definitions import DefinitionsService
from api.service.deliver import Delivery, DeliveryWorker
from api.service.door import Door
from api.service.draws import Draws
from api.service.duplicates import Duplicates
from api.service.erasing import Erasing
from api.service.evaluate import Evaluation
from api.service.exporting_member import MemberExports
from api.service.granting import Sources
from api.service.impact import Impact
from api.service.import_pass import Parts
from api.service.imports import Imports
from api.service.ingest import Ingest, Submission, Submitted
from api.service.issuing import Issuing
from api.service.key_figures import KeyFigures
from api.service.library import Library
from api.service.looking_back import LookingBack
from api.service.meaning import Meanings
from api.service.metrics import DIFFERENCES
from api.service.outgoing import Outbox
from api.service.partners import Partners
from api.service.people import People
from api.service.pools import Pools
from api.service.programme_settings import ProgrammeSettings
from api.service.proof.anchoring import Anchoring, Target, to_email, to_folder, to_webhook
from api.service.proof.proving import Proving
from api.service.proof.sealing import Sealing
from api.service.proof.verification import Verification
from api.service.public_text import PublicTexts
from api.service.publish import Publishing
from api.service.redemptions import Redemptions
from api.service.replays import Replays
from api.service.reporting import Reporting
from api.service.research import Research
from api.service.rule_list import RuleList
from api.service.rule_summary import RuleSummaries
from api.service.rulebook import Rulebook
from api.service.rules import RulesService
from api.service.running import Run
from api.service.segments import Segments
from api.service.statistics import Statistics
from api.service.tags import TagsService
from api.service.tallying import Tallying
from api.service.tasks import Tasks
from api.service.telling import Tellings, Ticking
from api.service.timers import Timers
from api.service.today import Today
from api.service.vault import Vault
from api.service.verifying import Verifying
from api.service.views import Views
from api.service.warming import Warming
from api.service.wheels import Wheels
from api.service.whys import Whys
from api.settings import Settings
from api.store.connection import Connection
from api.store.database import Database
from api.store.grants import Pots
from api.store.writer import Writer

T = TypeVar("T")
_log = structlog.get_logger("regulars")


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """Every part, put together over one database."""

    settings: Settings
    database: Database
    writer: Writer[Submission, Submitted]
    run: Run
    sources: Sources
    services: Services
    imports: Imports
    worker: DeliveryWorker

    def close(self) -> None:
        """Finish what is under way, then let go of everything."""
        self.services.audiences.close()
        self.worker.close()
        self.writer.close()
        self.sources.pots.close()
        self.database.dispose()


def assemble(settings: Settings, clock: Clock, warming: Warming, *, timers: bool) -> Programme:
    """Put the parts together. The writer and the worker don't run before they are started.

    Args:
        settings: What the operator decided.
        clock: Our clock.
        warming: Tries new networks out.
        timers: Whether timers fire as they fall due; only a server's do.
    """
    secret = settings.secret.get_secret_value() if settings.secret is not None else None
    keyring = Keyring(master_key(secret, settings.key_file))
    database = Database.open(settings.database_url)
    sample = round(1 / settings.check_sample) if settings.check_sample > 0 else 0
    rulebook = Rulebook(sample=sample, on_difference=_difference, matcher=settings.matcher)
    vault, door = Vault(keyring), Door(keyring)
    draws = Draws(keyring, clock, lambda: rulebook.index().rules.catalogue.programme.zone)
    sources = Sources(Pots(database, clock), draws, clock)
    ingest = Ingest(rulebook, sources, vault, clock)
    ticking = Ticking(
        Timers(rulebook, sources, clock, commit_takes=lambda: database.commit_seconds),
        Tellings(rulebook, sources, clock),
        clock,
    )
    tick = ticking.tick if timers else None
    writer: Writer[Submission, Submitted] = Writer(
        database, ingest.process, clock, tick=tick, max_queued=settings.max_queue
    )
    ingest.bind(writer)

    def run(work: Callable[[Connection], T]) -> T:
        return writer.submit_job(work).result()

    try:
        with database.write() as connection:
            take_over(connection, rulebook, at=clock.now())
    except Exception:
        database.dispose()
        raise
    counting, tallying = Counting(run), Tallying(database.read, run)
    meanings = Meanings(database.read, rulebook, counting, clock)
    publishing = Publishing(rulebook, run, database.read, meanings, clock, warming)
    composer = Composer(rulebook, vault, keyring, settings.public_url)
    channels, webhooks = _channels(settings), Webhooks(allow_private=settings.allow_private_webhooks)
    delivery = Delivery(
        database,
        run,
        composer,
        clock,
        channels=channels,
        webhooks=webhooks,
    )
    redemptions = Redemptions(database, rulebook, door, clock)
    definitions = DefinitionsService(rulebook, publishing, run, keyring)
    reporting = Reporting(database, run, rulebook, door, ingest.submit)
    statistics = Statistics(database, rulebook, publishing, clock)
    audiences = Audiences(database, rulebook, counting, clock)
    broadcasts = Broadcasts(database, rulebook, audiences, door, run, ingest.submit, clock)
    summaries = RuleSummaries(rulebook, clock)
    sealing = Sealing(run, keyring, clock, origin=settings.origin, every=settings.seal_every)
    anchors = _anchors(settings, channels, webhooks)
    anchoring = Anchoring(database.read, run, clock, anchors, every=settings.anchor_every)
    erasing = Erasing(database)
    people = People(database, run, writer.submit_job, keyring, clock)
    services = Services(
        clock=clock,
        rulebook=rulebook,
        door=door,
        people=people,
        accounts=Accounts(database, run, people, clock),
        keys=Keys(database, run, people.forget_keys, clock),
        settings=ProgrammeSettings(database, rulebook, definitions, settings, sealing.key.text),
        ingest=ingest,
        rules=(rules := RulesService(database, run, rulebook, summaries, clock)),
        approvals=Approvals(run, rules, clock),
        auditing=Auditing(database, run, clock),
        rule_list=(rule_list := RuleList(database, rulebook, summaries)),
        library=Library(database, rulebook, rules, definitions),
        definitions=definitions,
        definition_uses=DefinitionUses(definitions, rule_list),
        conflicts=Conflicts(rulebook, clock),
        publish=publishing,
        evaluate=Evaluation(database, rulebook, clock),
        replays=Replays(settings.database_url, database.read, run, clock),
        backtests=Backtests(database, rulebook, run, clock),
        views=Views(database, rulebook, vault, door, clock),
        looking_back=LookingBack(database, rulebook, vault, keyring, clock),
        whys=Whys(database, rulebook, clock),
        outgoing=Outbox(database, rulebook, run, clock),
        redemptions=redemptions,
        contact=Contact(database, rulebook, vault, door, composer, keyring, ingest.submit),
        issuing=Issuing(database, rulebook, door, ingest.submit),
        pools=Pools(database, rulebook, run, clock),
        books=Bookkeeping(database, rulebook, clock),
        wheels=Wheels(database, rulebook, run, draws, clock),
        verifying=Verifying(database, rulebook, door, redemptions, ingest.submit, clock),
        public_texts=PublicTexts(database, rulebook),
        research=Research(database),
        partners=Partners(database, rulebook, clock),
        segments=Segments(database, rulebook),
        tasks=Tasks(database, rulebook, door, run, ingest.submit, clock),
        impact=Impact(database, rulebook),
        audiences=audiences,
        broadcasts=broadcasts,
        campaigns=Campaigns(database, rulebook, counting, clock),
        key_figures=KeyFigures(database, rulebook, counting, clock),
        today=Today(database, rulebook, tallying, clock),
        tags=TagsService(database, rulebook, definitions, clock),
        duplicates=Duplicates(database, rulebook, door, run, clock),
        erasing=erasing,
        exports=MemberExports(database.read, run, rulebook, vault, clock),
        sealing=sealing,
        proving=Proving(database.read, sealing.key),
        verification=Verification(database.read, sealing.key.public, clock),
    )
    return Programme(
        settings=settings,
        database=database,
        writer=writer,
        run=run,
        sources=sources,
        services=services,
        imports=Imports(Parts(rulebook, sources, vault, door, clock, database.write)),
        worker=DeliveryWorker(
            [
                delivery.work,
                reporting.work,
                statistics.work,
                tallying.work,
                broadcasts.work,
                sealing.work,
                anchoring.work,
                erasing.work,
            ],
            settings.deliver_every,
        ),
    )


def _channels(settings: Settings) -> dict[str, Channel]:
    channels: dict[str, Channel] = {"console": Console()}
    if settings.message_channels == "smtp":
        password = settings.smtp_password.get_secret_value() if settings.smtp_password else None
        channels["email"] = Smtp(
            MailServer(
                settings.smtp_host, settings.smtp_port, settings.smtp_from, settings.smtp_user, password
            )
        )
    return channels


def _anchors(settings: Settings, channels: dict[str, Channel], webhooks: Webhooks) -> dict[str, Target]:
    anchors: dict[str, Target] = {}
    if settings.anchor_folder is not None:
        anchors["folder"] = to_folder(settings.anchor_folder)
    if settings.anchor_email is not None:
        anchors["email"] = to_email(channels["email"], settings.anchor_email)
    if settings.anchor_webhook is not None and settings.anchor_secret is not None:
        secret = settings.anchor_secret.get_secret_value()
        anchors["webhook"] = to_webhook(webhooks, settings.anchor_webhook, secret)
    return anchors


def _difference(topic: str, facts: Any, expected: list[int], got: list[int]) -> None:
    DIFFERENCES.inc()
    _log.error("matcher_differs", topic=topic, facts=repr(facts), reference=expected, network=got)
