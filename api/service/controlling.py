"""Writing control entries: each the next revision, chained to the last, under the gates of this release."""

from typing import Any, Final

from api.service.ingest import refresh
from api.service.rulebook import Rulebook
from api.store import controls
from api.store.connection import Connection
from engine.gates import GATES, RELEASE
from engine.rules import Control, ControlName
from engine.values import Instant

_BY_RELEASE: Final = f"release {RELEASE}"


def write_control(
    connection: Connection,
    rulebook: Rulebook,
    name: ControlName,
    body: dict[str, Any],
    *,
    at: Instant,
    by: str,
) -> Control:
    """Write what changes for everybody, while no batch is being decided (ruling 4).

    The first entry that a release writes brings its gates into force (ruling 23).

    Args:
        connection: A write transaction.
        rulebook: The rules; it learns what others have written in between.
        name: What changes.
        body: See `engine.rules.Control`.
        at: When.
        by: Who.
    """
    head = controls.head(connection, exclusive=True)
    refresh(connection, rulebook)
    rules = rulebook.index(head).rules
    if rules.gates != GATES:
        body = {**body, "gates": [*GATES], "release": RELEASE}
    control = Control(revision=head + 1, name=name, at=at, by=by, body=body, previous=rules.head)
    controls.append_control(connection, control)
    return control


def take_over(connection: Connection, rulebook: Rulebook, *, at: Instant) -> None:
    """Let a log that another release has decided so far be decided under the gates of this one.

    An empty log gets its gates with its first control entry.

    Args:
        connection: A write transaction.
        rulebook: The rules.
        at: When.

    Raises:
        UnknownGate: If a newer release has taken the log over already.
    """
    rulebook.learn(controls.controls_after(connection, rulebook.newest))
    if not rulebook.newest or rulebook.index().rules.gates == GATES:
        return
    controls.head(connection, exclusive=True)
    refresh(connection, rulebook)
    if rulebook.index().rules.gates != GATES:  # no other process has done it meanwhile
        write_control(connection, rulebook, "Engine Changed", {}, at=at, by=_BY_RELEASE)
        refresh(connection, rulebook)
