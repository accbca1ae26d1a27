"""Effects on a member's tags."""

from engine.effects.base import Effect
from engine.values import Instant


class AddTag(Effect, frozen=True, kw_only=True, omit_defaults=True, tag="add_tag"):
    """Put a tag on the member.

    Attributes:
        tag: Key of the tag.
        holder: Who holds it there: `rule:<key>`, `person:<name>` or `api:<source>`.
        expires_at: First instant at which this holder lets go; None for never.
        why: Why, in a person's words; empty for a rule.
        instead_of: Tags of its group; those that the member has come off.
    """

    tag: str
    holder: str
    expires_at: Instant | None = None
    why: str = ""
    instead_of: tuple[str, ...] = ()


class ReleaseTag(Effect, frozen=True, kw_only=True, omit_defaults=True, tag="release_tag"):
    """Let one holder go of a tag; it comes off with the last one.

    Attributes:
        tag: Key of the tag.
        holder: Who lets go.
    """

    tag: str
    holder: str


class RemoveTag(Effect, frozen=True, kw_only=True, omit_defaults=True, tag="remove_tag"):
    """Take a tag off the member, whoever holds it."""

    tag: str
