"""What decisions need of the host, once they are made: which pot it came out of, and what was in vain."""

from collections.abc import Iterable
from typing import Final

from engine.decision import Decision, Need
from engine.effects import DrawPrize
from engine.programme.prizes import granted_in_vain

_CARRIED_OUT: Final = ("fired", "resumed", "done")
"""Results of a rule that uses what it was granted."""


def pot_of(need: Need) -> str:
    """Return the name of the pot that a need is to be taken out of."""
    return need.name if need.kind == "stock" else f"{need.kind}/{need.name}"


def in_vain(decision: Decision, keys: Iterable[str]) -> set[str]:
    """Return those of some needs that were granted for nothing.

    No rule that was carried out used them, or they were for a prize that then couldn't be given.
    """
    done = {(str(one.step), one.rule): one.effects for one in decision.outcomes if one.result in _CARRIED_OUT}
    vain: set[str] = set()
    for key in keys:
        step, rule, what = key.split(".", 2)
        draws = [one for one in done.get((step, rule), ()) if isinstance(one, DrawPrize)]
        unused = key not in decision.grants or (step, rule) not in done
        if unused or any(granted_in_vain(one, what) for one in draws):
            vain.add(key)
    return vain
