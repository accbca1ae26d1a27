"""A request as it is carried out: what was asked, of whom, and how its fields are read."""

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

from engine.decision import Need
from engine.effects import ActivatePoints, AnyEffect, ExpirePoints
from engine.errors import InvalidValue
from engine.events import Event
from engine.language.benefits import UnitDefinition
from engine.language.catalogue import Catalogue
from engine.programme.paying import ripened
from engine.programme.reasons import Refusal
from engine.schedule import DAY
from engine.state import MemberState
from engine.values import MAX_INT, Instant, parse_instant, read_decimal

MAX_TEXT: Final = 256
_LONGEST: Final = 36_525 * DAY
"""100 years: what is set beyond it is a mistake, and calendars end."""


class Carried(NamedTuple):
    """What comes of a request.

    Attributes:
        effects: What it asks for; none if it is refused, or while something is lacking.
        answer: What the till or the person is told, as JSON; empty while something is lacking.
    """

    effects: tuple[AnyEffect, ...]
    answer: dict[str, Any]


class Asked(NamedTuple):
    """A request with what it may read and ask for.

    Attributes:
        state: The member.
        event: The request as logged.
        catalogue: The definitions in force.
        effect_id: Returns the id of an effect by its place.
        grant: Asks the host for something; None while it is lacking.
    """

    state: MemberState
    event: Event
    catalogue: Catalogue
    effect_id: Callable[[int], str]
    grant: Callable[[Need], Any]

    @property
    def as_of(self) -> Instant:
        """When it is decided."""
        return self.event.as_of

    @property
    def zone(self) -> str:
        """The member's zone, or the programme's if nobody told it."""
        return self.state.zone or self.catalogue.programme.zone

    def told(self, name: str) -> Any:
        """Return a property as it stands in the log; None if it isn't there."""
        return self.event.properties.get(name)

    def text(self, name: str) -> str:
        """Return a property that is text.

        Raises:
            Refusal: If it isn't, is empty, or is longer than 256 characters.
        """
        value = self.told(name)
        if not isinstance(value, str) or not 1 <= len(value) <= MAX_TEXT:
            raise Refusal("bad-request", path=f"/{name}")
        return value

    def flag(self, name: str) -> bool:
        """Return a property that is true or false; false if it isn't there.

        Raises:
            Refusal: If it is something else.
        """
        value = self.told(name)
        if value is not None and not isinstance(value, bool):
            raise Refusal("bad-request", path=f"/{name}")
        return bool(value)

    def later(self, name: str) -> Instant | None:
        """Return a property that is an instant to come; None if it isn't there.

        Raises:
            Refusal: If it is no instant, is not in the future, or is too far in it.
        """
        value = self.told(name)
        if value is None:
            return None
        if not isinstance(value, str):
            raise Refusal("bad-instant", path=f"/{name}")
        try:
            instant = parse_instant(value)
        except (InvalidValue, OverflowError) as error:
            raise Refusal("bad-instant", path=f"/{name}") from error
        if instant <= self.as_of:
            raise Refusal("instant-past", path=f"/{name}")
        return self.within_reach(instant, f"/{name}")

    def within_reach(self, instant: Instant, path: str) -> Instant:
        """Return an instant that is at most 100 years away.

        Raises:
            Refusal: If it is further.
        """
        if instant - self.as_of > _LONGEST:
            raise Refusal("instant-too-far", path=path)
        return instant

    def unit(self, key: str, path: str) -> UnitDefinition:
        """Return the definition of a unit.

        Raises:
            Refusal: If there is none.
        """
        definition = self.catalogue.units.get(key)
        if definition is None:
            raise Refusal("unit-unknown", unit=key[:MAX_TEXT], path=path)
        return definition

    def falling_due(self, units: Sequence[str]) -> list[AnyEffect]:
        """Return the effects that let lots of units expire, and become active, at this very instant.

        They come first: what expires now can't be spent any more.
        """
        effects: list[AnyEffect] = []
        for unit in units:
            ripe = ripened(self.state.books, unit, self.as_of)
            for kind, points in ((ExpirePoints, ripe.expired), (ActivatePoints, ripe.activated)):
                if points:
                    at = len(effects)
                    effects.append(kind(id=self.effect_id(at), action=at, unit=unit, points=points))
        return effects


def whole(value: Any, path: str) -> int:
    """Return a number of units: whole, not 0, and at most 2^53 either way.

    Args:
        value: As it stands in the log.
        path: JSON pointer of the place, for the refusal.

    Raises:
        Refusal: If it is anything else.
    """
    if isinstance(value, str) and read_decimal(value) is not None:
        raise Refusal("amount-not-whole", path=path)
    if not isinstance(value, int) or isinstance(value, bool):
        raise Refusal("bad-request", path=path)
    if value == 0:
        raise Refusal("amount-zero", path=path)
    if abs(value) > MAX_INT:
        raise Refusal("amount-too-large", path=path)
    return value


def pointer(*parts: str) -> str:
    """Return a JSON pointer."""
    return "".join(f"/{part[:MAX_TEXT].replace('~', '~0').replace('/', '~1')}" for part in parts)
