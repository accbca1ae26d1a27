"""`main.py` of a product whose language has one operator and one action more: a row and a class.

The source of the language is amended as it is imported, as somebody who adds them would write it.
"""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from runpy import run_module
from types import CodeType, ModuleType
from typing import Final

_ROW: Final = """Operator(
    name="sounds_like",
    types=("text",),
    operand="text",
    test=lambda left, right: left.casefold() == right.casefold(),
    wording=words("sounds like", "读音近似"),
),
"""

_ACTION: Final = '''class RingBellAction(Part):
    """Ring the bell of a shop."""

    model_config = ConfigDict(
        json_schema_extra=about(
            words("Ring the bell", "摇铃"),
            sentence=words(
                "ring the {bell} bell {times} {times|time|times}[ for {lasting}]",
                "摇{bell}铃 {times} 次[，持续 {lasting}]",
            ),
            icon="bell",
        )
    )

    type: Literal["ring_bell"] = "ring_bell"
    bell: Literal["brass", "silver"] = Field(
        json_schema_extra=labels(words("Bell", "铃"), {"brass": ("brass", "铜"), "silver": ("silver", "银")})
    )
    times: int = Field(ge=1, le=9, json_schema_extra=labels(words("Times", "次数")))
    lasting: Duration | None = Field(default=None, json_schema_extra=labels(words("Lasting", "持续")))


'''

AMENDED: Final = {
    "engine.language.operators": [
        ('        Operator(name="eq"', f'        {_ROW}        Operator(name="eq"')
    ],
    "engine.language.conditions": [
        ('_COMPARE_OPS = Literal[\n    "eq"', '_COMPARE_OPS = Literal[\n    "sounds_like", "eq"')
    ],
    "engine.language.actions": [
        ("class AddTagAction", f"{_ACTION}class AddTagAction"),
        ("    | StopAction,", "    | StopAction\n    | RingBellAction,"),
    ],
}


class _Amending(SourceFileLoader):
    """Reads a module with the additions in it."""

    def get_code(self, fullname: str) -> CodeType:
        source = self.get_source(fullname) or ""
        for before, after in AMENDED[fullname]:
            assert source.count(before) == 1, f"{fullname} no longer says {before!r}"
            source = source.replace(before, after)
        return compile(source, self.path, "exec")


class _Finding(MetaPathFinder):
    """Finds the amended modules before anything else does."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        found = PathFinder.find_spec(fullname, path, target) if fullname in AMENDED else None
        if found is not None and found.origin is not None:
            found.loader = _Amending(fullname, found.origin)
        return found


if __name__ == "__main__":
    sys.meta_path.insert(0, _Finding())
    run_module("main", run_name="__main__", alter_sys=True)
