"""Conflicts between rules: how long it takes to find them, beside compiling the same rules.

    python -m bench.conflicts [--rules 500] [--runs 3]

The rules are those of the library and, for the rest, those of the other benches, of which each does
something that others undo: it puts one of 30 tags on or takes it off, sets a level, or gives a coupon that
can be used with others. Half of them ask for no band of the event's total, so that many can come together.
"""

import argparse
import time
from random import Random
from typing import Any, Final, NamedTuple

from bench import workload
from bench.figures import ratio, show, spread
from engine.conflicts import Report, find_conflicts
from engine.enacting import fold
from engine.language.compiled import compile_rule
from engine.language.definitions import Definitions
from engine.language.document import RuleDocument
from engine.language.parse import parse_rule
from engine.rules import Control, RuleSet
from engine.values import parse_instant
from rule_library import library, library_definitions

Json = dict[str, Any]
NOW: Final = parse_instant("2026-11-23T00:00:00Z")
_COUPONS: Final = ("MALL15", "YEAREND30", "FRIEND20", "ADDALITTLE")
_LEVELS: Final = ("grade-1", "grade-2", "grade-3")


class Measured(NamedTuple):
    """One pass.

    Attributes:
        compiled: Seconds that it took to make the rules ready.
        found: Seconds that it took to find their conflicts.
        report: What was found.
    """

    compiled: float
    found: float
    report: Report


def definitions() -> Json:
    """Return what both kinds of rules speak of."""
    whole: Json = library_definitions().model_dump(mode="json", by_alias=True, exclude_none=True)
    others = workload.definitions()
    for part, name in (("tags", "key"), ("events", "name"), ("attributes", "name")):
        known = [one[name] for one in whole[part]]
        whole[part] += [one for one in others[part] if one[name] not in known]
    return whole


def documents(count: int) -> list[RuleDocument]:
    """Return so many rules, those of the library first."""
    choose = Random(workload.SEED)  # noqa: S311  a repeatable mix, no secret
    found = [entry.document for entry in library()][:count]
    for place, one in enumerate(workload.documents(count - len(found))):
        wide = one["when"]["type"] == "event" and place % 2 == 0
        asked = {"if": {"type": "all", "of": one["if"]["of"][1:]}} if wide else {}
        found.append(parse_rule(one | asked | {"then": [_action(choose)]}))
    return found


def _action(choose: Random) -> Json:
    tag = choose.choice(workload.TAGS)
    return choose.choice(
        (
            {"type": "add_tag", "tag": tag},
            {"type": "remove_tag", "tag": tag},
            {"type": "issue_coupon", "coupon": choose.choice(_COUPONS)},
            {"type": "set_tier", "ladder": "staff", "tier": choose.choice(_LEVELS)},
        )
    )


def measure(rules: list[RuleDocument], base: RuleSet) -> Measured:
    """Make the rules ready, then look for their conflicts."""
    began = time.perf_counter()
    compiled = [compile_rule(one, 1, base.catalogue) for one in rules]
    between = time.perf_counter()
    report = find_conflicts(compiled, base, NOW)
    return Measured(between - began, time.perf_counter() - between, report)


def main() -> None:
    """Run it and print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rules", type=int, default=500)
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    whole = Definitions.model_validate(definitions()).model_dump(
        mode="json", by_alias=True, exclude_none=True
    )
    said = {"definitions": whole}
    base = fold([Control(revision=1, name="Definitions Changed", at=0, by="bench", body=said)])
    rules = documents(asked.rules)
    runs = [measure(rules, base) for _ in range(asked.runs)]
    report = runs[0].report
    show(
        ["rules", "looked at", "confirmed", "apart", "held", "given up", "seconds", "compiling, s", "ratio"],
        [
            [
                str(len(rules)),
                str(report.looked),
                str(len(report.conflicts)),
                str(report.apart),
                str(report.held),
                str(len(report.given_up)),
                spread([one.found for one in runs], 2),
                spread([one.compiled for one in runs], 2),
                ratio([one.found for one in runs], [one.compiled for one in runs], 1),
            ]
        ],
    )


if __name__ == "__main__":
    main()
