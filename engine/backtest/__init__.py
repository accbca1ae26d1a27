"""Deciding recorded events under another rule set: what would have come of them.

What the log was told from outside is kept; what rules led to is thrown away and made again. Nothing
is written, and nothing of the log is trusted but its inputs.
"""

from engine.backtest.course import Course, Happened
from engine.backtest.recast import Change, Others, Recast
from engine.backtest.supply import Demand, Known, Supply

__all__ = ["Change", "Course", "Demand", "Happened", "Known", "Others", "Recast", "Supply"]
