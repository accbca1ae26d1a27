"""Rules that get in each other's way, each pair with a member and a timeline that show it."""

from engine.conflicts.finding import find_conflicts
from engine.conflicts.in_force import bare, in_force
from engine.conflicts.witness import Chapter, Code, Conflict, Kind, Report, Witness

__all__ = ["Chapter", "Code", "Conflict", "Kind", "Report", "Witness", "bare", "find_conflicts", "in_force"]
