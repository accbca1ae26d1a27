"""What every effect shares."""

import msgspec

POINTS_UNIT = "points"
"""Key of the default unit."""


class Effect(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="type"):
    """One thing asked for.

    Attributes:
        id: 32 hexadecimal digits, derived from member, sequence, step, rule and action.
        action: Index of the action in the rule, nested ones counted where they are written.
    """

    id: str
    action: int


class OfUnit(Effect, frozen=True, kw_only=True, omit_defaults=True):
    """An effect that moves a unit of account.

    A value is left out of the record where it is the default, and that is told
    by identity: so the key of the default unit is always the very same object.
    """

    def __post_init__(self) -> None:
        """Take the default's own object where the key equals it."""
        if self.__getattribute__("unit") == POINTS_UNIT:
            msgspec.structs.force_setattr(self, "unit", POINTS_UNIT)
