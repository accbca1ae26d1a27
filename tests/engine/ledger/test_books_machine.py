"""The books against a plain model, over random lives of members (`machine.py`).

How long a life gets depends on what else is imported (Hypothesis takes constants from it), so there is room.
"""

import pytest
from hypothesis.stateful import run_state_machine_as_test

from tests.engine.ledger.machine import Ledger, size
from tests.engine.ledger.side_by_side import SideBySide


def operations(examples: int) -> int:
    """Live so many lives of 50 steps; return how many operations there were."""
    before = SideBySide.operations
    run_state_machine_as_test(Ledger, settings=size(examples))
    done = SideBySide.operations - before
    print(f"{done} operations on the books, each checked against the model")  # noqa: T201
    return done


def test_the_books_agree_with_the_model() -> None:
    assert operations(125) >= 10_000


@pytest.mark.long
def test_the_books_agree_with_the_model_for_long() -> None:
    assert operations(1_250) >= 100_000
