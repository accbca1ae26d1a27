"""The shape of what a code says: how grave it is, what is the matter, and what to do about it."""

from typing import Literal, NamedTuple

Severity = Literal["error", "warning", "note"]


class Message(NamedTuple):
    """What a code says; `{name}` stands for what `diagnostic` is given."""

    severity: Severity
    en: str
    zh: str
    fix_en: str
    fix_zh: str
