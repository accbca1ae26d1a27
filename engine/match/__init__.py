"""Live matching of many rules at once, by durable-rules or by an index in plain Python."""

from engine.match.candidate import Candidate, Counters
from engine.match.matcher import (
    BitmapMatcher,
    Matcher,
    MatcherClosed,
    Matching,
    OnDifference,
    ReferenceMatcher,
)
from engine.match.network import is_available
from engine.match.warm import Warmth, warm

__all__ = [
    "BitmapMatcher",
    "Candidate",
    "Counters",
    "Matcher",
    "MatcherClosed",
    "Matching",
    "OnDifference",
    "ReferenceMatcher",
    "Warmth",
    "is_available",
    "warm",
]
