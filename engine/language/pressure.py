"""Contact policies made ready: caps as figures over *Message Requested*, quiet hours as minutes."""

from dataclasses import dataclass

from engine.events import MESSAGE_REQUESTED
from engine.language.catalogue import Catalogue
from engine.language.conditions import All, Compare, Condition, History
from engine.language.contact import FrequencyCap, QuietHours
from engine.language.predicates import Figure, figures, prepare


@dataclass(frozen=True, slots=True)
class Cap:
    """A frequency cap, compiled.

    Attributes:
        key: `<policy>/<place>`, by which a decision names it.
        times: How many messages at most.
        channels: Channels it is about; empty for all.
        tiers: Levels it is about; empty for everybody.
        figure: How many were requested within its time.
    """

    key: str
    times: int
    channels: tuple[str, ...]
    tiers: tuple[str, ...]
    figure: Figure


@dataclass(frozen=True, slots=True)
class Quiet:
    """Quiet hours, compiled.

    Attributes:
        key: Key of the policy, by which a decision names them.
        begin: Minute of the local day at which they begin.
        end: Minute at which they end; before `begin` it is one of the next day.
        until: The end as `HH:MM`.
        hold: Whether a message waits until then.
        channels: Channels they are about; empty for all.
    """

    key: str
    begin: int
    end: int
    until: str
    hold: bool
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pressure:
    """Everything that may hold a marketing message back.

    Attributes:
        caps: Frequency caps, in the order of their definition.
        quiet: Quiet hours, likewise.
        opt_in: Channels by which only members who agreed are written to.
    """

    caps: tuple[Cap, ...] = ()
    quiet: tuple[Quiet, ...] = ()
    opt_in: frozenset[str] = frozenset()

    @property
    def presses(self) -> bool:
        """Whether it can hold back a message to a member who told nothing of consent."""
        return bool(self.caps or self.quiet or self.opt_in)

    @property
    def figures(self) -> list[Figure]:
        """What a member's state must keep for the caps."""
        return [one.figure for one in self.caps]


def compile_pressure(catalogue: Catalogue) -> Pressure:
    """Return the contact policies of a catalogue, made ready."""
    policies = catalogue.contact.values()
    return Pressure(
        caps=tuple(
            _cap(f"{one.key}/{at}", cap, catalogue) for one in policies for at, cap in enumerate(one.caps)
        ),
        quiet=tuple(_quiet(one.key, one.quiet_hours) for one in policies if one.quiet_hours is not None),
        opt_in=frozenset(one.key for one in catalogue.channels.values() if one.consent == "opt_in"),
    )


def _cap(key: str, cap: FrequencyCap, catalogue: Catalogue) -> Cap:
    return Cap(key, cap.times, tuple(cap.channels), tuple(cap.tiers), _figure(key, cap, catalogue))


def _figure(key: str, cap: FrequencyCap, catalogue: Catalogue) -> Figure:
    """Return the figure that a cap counts: that of a rule which asks the same."""
    where: Condition = Compare(fact="event.purpose", op="eq", value="marketing")
    if cap.channels:
        channels: list[str | int | bool] = sorted(cap.channels)
        where = All(of=[where, Compare(fact="event.channel", op="in", value=channels)])
    asked = History(
        measure="count", event=MESSAGE_REQUESTED, within=cap.within, where=where, op="gte", value=0
    )
    (figure,) = figures(prepare(asked, catalogue, f"/contact/{key}")).values()
    return figure


def _quiet(key: str, hours: QuietHours) -> Quiet:
    return Quiet(
        key=key,
        begin=_minute(hours.from_),
        end=_minute(hours.until),
        until=hours.until,
        hold=hours.then == "hold",
        channels=tuple(hours.channels),
    )


def _minute(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])
