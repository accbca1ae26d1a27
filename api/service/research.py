"""Benefit research: what members say a benefit is worth to them, ranked."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from api.store import surveys
from api.store.database import Database
from engine.values import decimal_text

BENEFIT_RATED: Final = "Benefit Rated"
BEST: Final = 5
_Z: Final = Decimal("1.96")
"""Of the normal distribution: 95 % of the means lie within so many standard errors."""


class Research:
    """Reads what members answered."""

    def __init__(self, database: Database) -> None:
        """Make the use case of its parts."""
        self._database = database

    def ranking(self) -> dict[str, Any]:
        """Return the benefits that were rated, the most valued first.

        Each member counts once a benefit, with the latest score from 1 to 5. They are ranked by the lower
        end of a 95 % interval of the mean, so that two enthusiasts don't outrank two hundred members.
        """
        with self._database.read() as connection:
            scores = latest(surveys.answers(connection, BENEFIT_RATED))
        found = [_valued(benefit, given) for benefit, given in sorted(scores.items())]
        found.sort(key=lambda one: (-one["at_least"], one["benefit"]))
        return {
            "items": [
                {**one, "mean": decimal_text(one["mean"]), "at_least": decimal_text(one["at_least"])}
                for one in found
            ]
        }


def latest(answers: Iterable[tuple[str, Mapping[str, Any]]]) -> dict[str, list[int]]:
    """Return each member's latest score, by benefit; what isn't a score from 1 to 5 is left out.

    Args:
        answers: Member and properties of each answer, in the order of the log.
    """
    found: dict[str, dict[str, int]] = {}
    for member, told in answers:
        benefit, score = told.get("benefit"), told.get("score")
        if isinstance(benefit, str) and isinstance(score, int) and 1 <= score <= BEST:
            found.setdefault(benefit, {})[member] = score
    return {benefit: list(by_member.values()) for benefit, by_member in found.items()}


def _valued(benefit: str, scores: list[int]) -> dict[str, Any]:
    """Return how a benefit is valued; of a single score nothing is sure but that it is at least 1."""
    count = len(scores)
    mean = Decimal(sum(scores)) / count
    least = Decimal(1)
    if count > 1:
        variance = sum(((one - mean) ** 2 for one in scores), Decimal(0)) / (count - 1)
        least = max(least, mean - _Z * (variance / count).sqrt())
    cent = Decimal("0.01")
    return {
        "benefit": benefit,
        "members": count,
        "mean": mean.quantize(cent),
        "at_least": least.quantize(cent),
        "scores": {str(score): scores.count(score) for score in range(1, BEST + 1)},
    }
