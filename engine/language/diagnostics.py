"""A finding of `check`, in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.language.base import Text, words
from engine.language.catalogue import label_of
from engine.language.message import Severity
from engine.language.messages import MESSAGES


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A finding before publish.

    Attributes:
        code: Kind of the finding; stable, for filters and documentation.
        path: JSON pointer of the place in the document; empty for the whole rule.
        severity: `error` stops publishing, `warning` asks for a look, `note` informs.
        text: What is the matter, by language.
        fix: What to do about it, by language.
    """

    code: str
    path: str
    severity: Severity
    text: Text
    fix: Text


def diagnostic(code: str, path: str, **names: object) -> Diagnostic:
    """Return a finding. A name ending in `_zh` replaces the one without it in Chinese."""
    message = MESSAGES[code]
    english = {name: value for name, value in names.items() if not name.endswith("_zh")}
    chinese = english | {name[:-3]: value for name, value in names.items() if name.endswith("_zh")}
    return Diagnostic(
        code=code,
        path=path,
        severity=message.severity,
        text=words(message.en.format_map(english), message.zh.format_map(chinese)),
        fix=words(message.fix_en.format_map(english), message.fix_zh.format_map(chinese)),
    )


def named(label: Mapping[Any, str], name: str = "name") -> dict[str, str]:
    """Return what people call something, as `diagnostic` takes it: `name`, and `name_zh` in Chinese."""
    return {name: label_of(label, "en"), f"{name}_zh": label_of(label, "zh-Hans")}
