"""How figures are told: medians with their spread, ratios pair by pair, in aligned columns."""

from collections.abc import Sequence
from statistics import median


def spread(values: Sequence[float], digits: int = 0) -> str:
    """Return a median, and between which values it lies."""
    low, middle, high = min(values), median(values), max(values)
    return f"{middle:,.{digits}f} ({low:,.{digits}f}–{high:,.{digits}f})"


def ratio(ours: Sequence[float], others: Sequence[float], digits: int = 2) -> str:
    """Return the median of the ratios of figures that were measured in pairs."""
    return f"{median(one / other for one, other in zip(ours, others, strict=True)):.{digits}f}"


def show(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table: the first column to the left, figures to the right."""
    widths = [max(len(row[at]) for row in [headings, *rows]) for at in range(len(headings))]
    for row in [headings, ["-" * width for width in widths], *rows]:
        aligned = [
            cell.ljust(width) if at == 0 else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        print("  ".join(aligned).rstrip(), flush=True)
    print(flush=True)


def numbers(text: str) -> list[int]:
    """Return the numbers of an option such as `10,100,1_000`."""
    return [int(one) for one in text.split(",")]
