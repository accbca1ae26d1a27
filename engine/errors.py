"""What can go wrong inside the engine.

Our exception hierarchy:

    EngineError
        InvalidValue        a value that no rule can read
        InvalidRule         a rule document that can't be compiled
        UnknownVersion      a version that the rule set doesn't hold
        StateMismatch       an event that doesn't follow the member's state
        NotEnough           more is to be spent than can be
        Overflow            an account would hold more than 2^53
        UnknownGate         a behaviour of another release is needed

A rule that does not match is data, not an error.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why data is not a rule document.

    Attributes:
        path: JSON pointer of the place, such as `/then/0/tag`; empty for the whole document.
        text: What is wrong, by language.
    """

    path: str
    text: dict[str, str]


class EngineError(Exception):
    """The root of every error the engine raises."""


class InvalidValue(EngineError):
    """A value is outside what the rule language can hold.

    The message says what was found and what is accepted.
    """


class InvalidRule(EngineError):
    """Data is not a rule document, or a document can't be compiled.

    Attributes:
        problems: What `parse_rule` found, in the order of the document; empty when the error
            comes from compiling, where `check` would have named the reason.
    """

    def __init__(self, message: str, problems: Sequence[Problem] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems)


class UnknownVersion(EngineError):
    """A rule version is named that isn't in the rule set."""


class StateMismatch(EngineError):
    """An event was given to a state that it doesn't follow in the log."""


class NotEnough(EngineError):
    """More is to be spent than the account has.

    Attributes:
        available: What can be spent.
        asked: What was to be.
    """

    def __init__(self, available: int, asked: int) -> None:
        super().__init__(f"{asked} can't be spent: {available} is there")
        self.available = available
        self.asked = asked


class Overflow(EngineError):
    """An account would hold more than a whole number that JSON carries."""


class UnknownGate(EngineError):
    """Something was decided by a release that behaves otherwise than this one can.

    Attributes:
        gate: The behaviour that one of them has and the other hasn't.
        release: The release that can decide it.
    """

    def __init__(self, gate: str, release: str, text: str) -> None:
        super().__init__(f"{text}; release {release} is needed")
        self.gate = gate
        self.release = release
