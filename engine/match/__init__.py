"""Live matching of many rules at once, by durable-rules."""

from engine.match.matcher import Matcher, MatcherClosed, Matching, OnDifference, ReferenceMatcher
from engine.match.topic import Candidate, Counters
from engine.match.warm import Warmth, warm

__all__ = [
    "Candidate",
    "Counters",
    "Matcher",
    "MatcherClosed",
    "Matching",
    "OnDifference",
    "ReferenceMatcher",
    "Warmth",
    "warm",
]
