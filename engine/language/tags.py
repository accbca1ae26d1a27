"""Tags as a programme defines them: what each means, and how they stand to each other.

A tag below another counts as both. Of tags in one group a member has one at a
time. A tag that was merged stands for its target, wherever a rule still names
it; a retired one is off for everybody.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, get_args

from pydantic import BeforeValidator, Field, ValidationInfo

from engine.language.base import Duration, Key, Part, labels, words
from engine.language.benefits import KEY, Name

Dimension = Literal[
    "user-attribute", "product-life-cycle", "user-life-cycle", "consumer-preference", "user-value", "channel"
]

FROM_LOG: Final = {"from": "log"}
"""Context in which definitions are read back: what was taken in once is never refused later."""

_BETWEEN: Final = re.compile(r"[\s_-]+")


def _dimension(value: Any, asked: ValidationInfo) -> Any:
    """Return a category as its key; one of no dimension, from before there were any, is read as none."""
    if not isinstance(value, str):
        return value
    key = _BETWEEN.sub("-", value.strip().casefold())
    if key in get_args(Dimension):
        return key
    return None if asked.context == FROM_LOG else value


class TagDefinition(Part):
    """A tag that people and rules may put on members. Its meaning is required.

    Attributes:
        meaning: When a member has it, so that everybody uses it alike.
        owner: Who answers for it.
        category: Which of the six dimensions of a member it speaks of.
        kind: `static` (told once, such as gender) or `dynamic` (comes and goes with what happens).
        parent: The tag above it: who has this one counts as having that one, too.
        group: Tags with the same group exclude each other: putting one on takes the others off.
        expires_after: How long a holder keeps it on, where nothing else is said.
        merged_into: The tag that took its place; whatever names this one means that one.
        retired: Whether nobody can have it any more.
    """

    key: Key = Field(json_schema_extra=KEY)
    name: Name
    meaning: str = Field(
        min_length=1, max_length=2000, json_schema_extra=labels(words("Meaning", "含义"), widget="long")
    )
    owner: str | None = Field(
        default=None, max_length=200, json_schema_extra=labels(words("Owner", "负责人"))
    )
    category: Annotated[Dimension | None, BeforeValidator(_dimension)] = Field(
        default=None,
        json_schema_extra=labels(
            words("Category", "维度"),
            {
                "user-attribute": ("user attribute", "用户属性"),
                "product-life-cycle": ("product life cycle", "产品生命周期"),
                "user-life-cycle": ("user life cycle", "用户生命周期"),
                "consumer-preference": ("consumer preference", "消费偏好"),
                "user-value": ("user value", "用户价值"),
                "channel": ("channel", "渠道"),
            },
        ),
    )
    kind: Literal["static", "dynamic"] = Field(
        default="dynamic",
        json_schema_extra=labels(
            words("Kind", "类型"), {"static": ("static", "静态"), "dynamic": ("dynamic", "动态")}
        ),
    )
    parent: Key | None = Field(
        default=None, json_schema_extra=labels(words("Below", "上级标签"), source="tags")
    )
    group: Key | None = Field(default=None, json_schema_extra=labels(words("Group: one of", "互斥组")))
    expires_after: Duration | None = Field(
        default=None, json_schema_extra=labels(words("Comes off after", "默认有效期"))
    )
    merged_into: Key | None = Field(
        default=None, json_schema_extra=labels(words("Merged into", "已合并到"), source="tags")
    )
    retired: bool = Field(default=False, json_schema_extra=labels(words("Retired", "已停用")))


class Taxonomy:
    """How the tags of a programme stand to each other; an unknown tag stands alone."""

    def __init__(self, tags: Mapping[str, TagDefinition]) -> None:
        """Make the look-ups.

        Args:
            tags: Definitions by key.
        """
        self._tags = tags
        self.moved: dict[str, str | None] = {}
        for key in tags:
            stands = self._standing(key)
            if stands != key:
                self.moved[key] = stands
        self.above: dict[str, tuple[str, ...]] = {}
        for key in tags:
            ancestors = self._ancestors(key)
            if ancestors:
                self.above[key] = ancestors
        self._displaced: dict[str, tuple[str, ...]] = {}

    def standing(self, key: str) -> str | None:
        """Return the tag that a name means: itself, what it was merged into, or None if that is retired."""
        return self.moved.get(key, key)

    def held(self, tags: Mapping[str, Any]) -> list[str]:
        """Return the tags that a member counts as having: those that are on, and all above them, sorted.

        Those that were merged count as what they stand for, though the member wasn't moved yet.
        """
        stand = [self.standing(key) for key in tags] if self.moved else list(tags)
        found = dict.fromkeys(key for key in stand if key is not None)
        for key in [*found]:
            found.update(dict.fromkeys(self.above.get(key, ())))
        return sorted(found)

    def shifted(self, before: "Taxonomy") -> frozenset[str]:
        """Return the tags as which other tags count now that didn't before, or the other way round."""
        return frozenset(
            above
            for key in {**before.above, **self.above}
            for above in {*before.above.get(key, ())} ^ {*self.above.get(key, ())}
        )

    def on(self, key: str, tags: Mapping[str, Any]) -> bool:
        """Return whether a member counts as having a tag, by the tags that are on."""
        stands = self.standing(key)
        return stands in tags or any(stands in self.above.get(one, ()) for one in tags)

    def below(self, key: str) -> list[str]:
        """Return every tag that counts as this one, sorted, without itself."""
        found = (one for one, ancestors in self.above.items() if key in ancestors)
        return sorted(one for one in found if one not in self.moved)

    def names_of(self, key: str) -> list[str]:
        """Return the names under which a tag may be noted that counts as this one, merged ones too."""
        same = [*([] if key in self.moved else [key]), *self.below(key)]
        return sorted([*same, *(name for name, stands in self.moved.items() if stands in same)])

    def displaced_by(self, key: str) -> tuple[str, ...]:
        """Return the tags that putting one on takes off, sorted.

        Those are the others of its group and of the groups of the tags above
        it, with everything below them.
        """
        known = self._displaced.get(key)
        if known is None:
            known = self._displaced[key] = self._rivals((key, *self.above.get(key, ())))
        return known

    def _rivals(self, own: tuple[str, ...]) -> tuple[str, ...]:
        groups = [self._tags[one].group for one in own if one in self._tags and self._tags[one].group]
        found: dict[str, None] = {}
        for other, definition in self._tags.items():
            if definition.group in groups and other not in own and other not in self.moved:
                found.update(dict.fromkeys((other, *self.below(other))))
        return tuple(sorted(one for one in found if one not in own))

    def _standing(self, key: str) -> str | None:
        seen = [key]
        while True:
            definition = self._tags.get(key)
            if definition is None or (definition.merged_into is None and not definition.retired):
                return key
            if definition.merged_into is None or definition.merged_into in seen:
                return None
            key = definition.merged_into
            seen.append(key)

    def _ancestors(self, key: str) -> tuple[str, ...]:
        seen, found = [key], []
        definition = self._tags.get(key)
        while definition is not None and definition.parent is not None:
            above = self.moved.get(definition.parent, definition.parent)
            key = definition.parent if above is None else above
            if key in seen:
                break
            seen.append(key)
            if above is not None:
                found.append(above)
            definition = self._tags.get(key)
        return tuple(found)
