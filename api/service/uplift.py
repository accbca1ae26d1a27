"""Did it work: members who were reached beside those who were kept aside."""

from math import ceil, sqrt
from statistics import NormalDist
from typing import Any, Final, NamedTuple

from api.store.campaigns import Bought
from engine.language.base import Text, words

CONFIDENCE: Final = 0.95
_Z: Final = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
_POWER: Final = NormalDist().inv_cdf(0.8)
_FEWEST: Final = 30
"""Members that either group must have before anything is said of a difference."""
_LEAST_POINTS: Final = 0.005
"""The smallest difference in conversion that a sample is asked to tell: half a point."""


class Interval(NamedTuple):
    """A difference, and between what it lies at 95 %."""

    value: float
    low: float
    high: float


def difference(converted: int, members: int, converted_aside: int, aside: int) -> Interval:
    """Return the difference of two shares with its 95 % interval.

    Newcombe's hybrid of two Wilson score intervals (Statistics in Medicine 17, 1998, method 10):
    unlike the plain one it holds for small shares, which conversions are.

    Args:
        converted: How many of those reached did what was wanted.
        members: How many were reached, at least 1.
        converted_aside: How many of those kept aside did it.
        aside: How many were kept aside, at least 1.
    """
    one, other = converted / members, converted_aside / aside
    low, high = _wilson(one, members)
    low_aside, high_aside = _wilson(other, aside)
    down = sqrt((one - low) ** 2 + (high_aside - other) ** 2)
    up = sqrt((high - one) ** 2 + (other - low_aside) ** 2)
    return Interval(one - other, one - other - down, one - other + up)


def mean_difference(group: Bought, aside: Bought, cost: float, part: float) -> Interval:
    """Return by how much more a member reached brought in than one kept aside, in minor units, less its cost.

    The interval is Welch's, which lets the groups vary differently; with the number of members that
    is asked for, Student's distribution is the normal one.

    Args:
        group: Members who were reached.
        aside: Members who were kept aside.
        cost: What reaching one member cost, in minor units.
        part: Which part of revenue is margin, up to 1.
    """
    means, errors = [], []
    for one in (group, aside):
        mean = one.amount / one.members
        spread = max(0.0, one.squares / one.members - mean * mean) * one.members / max(1, one.members - 1)
        means.append(mean * part)
        errors.append(spread * part * part / one.members)
    value = means[0] - means[1] - cost
    half = _Z * sqrt(sum(errors))
    return Interval(value, value - half, value + half)


def needed(share: float, share_aside: float, part_aside: float) -> int:
    """Return how many members there must be in all, so that a difference is told from chance.

    With a chance of 80 % at a level of 5 %, for the difference that is seen, or half a point if it is less.

    Args:
        share: Share that converted of those reached.
        share_aside: The same of those kept aside.
        part_aside: Which part of all members is kept aside, between 0 and 1.
    """
    apart = max(abs(share - share_aside), _LEAST_POINTS)
    spread = share * (1 - share) / (1 - part_aside) + share_aside * (1 - share_aside) / part_aside
    return ceil((_Z + _POWER) ** 2 * max(spread, 0.01) / apart**2)


def told(group: Bought, aside: Bought, *, cost: int, margin_percent: int, limited: int = 0) -> dict[str, Any]:
    """Return what can be said of a rule or a campaign, as JSON data.

    Args:
        group: Members who were to be reached.
        aside: Members who were kept aside.
        cost: What it cost in all, in minor units.
        margin_percent: Which part of revenue is margin, in percent.
        limited: How many of those who were to be reached a limit or a spent budget left without.
    """
    found: dict[str, Any] = {
        "reached": {"members": group.members, "converted": group.converted, "limited": limited},
        "aside": {"members": aside.members, "converted": aside.converted},
        "conversion": None,
        "margin": None,
        "missing": None,
    }
    if min(group.members, aside.members) < _FEWEST:
        return found | {"verdict": "too-few", "missing": None, "text": _too_few(group, aside)}
    conversion = difference(group.converted, group.members, aside.converted, aside.members)
    margin = mean_difference(group, aside, cost / group.members, margin_percent / 100)
    found["conversion"] = _percent(conversion)
    found["margin"] = {name: round(one) for name, one in margin._asdict().items()}
    if conversion.low > 0 or conversion.high < 0:
        return found | {
            "verdict": "works" if conversion.low > 0 else "harms",
            "text": _clear(group, aside, conversion, limited),
        }
    everybody = group.members + aside.members
    more = needed(group.converted / group.members, aside.converted / aside.members, aside.members / everybody)
    missing = max(1, more - everybody)
    return found | {
        "verdict": "open",
        "missing": missing,
        "text": _open(group, aside, conversion, missing, limited),
    }


def _wilson(share: float, members: int) -> tuple[float, float]:
    middle = (share + _Z * _Z / (2 * members)) / (1 + _Z * _Z / members)
    half = _Z / (1 + _Z * _Z / members)
    half *= sqrt(share * (1 - share) / members + _Z * _Z / (4 * members * members))
    return middle - half, middle + half


def _percent(interval: Interval) -> dict[str, str]:
    """Return an interval of shares in percentage points, as decimal text with two places."""
    return {name: f"{100 * one:.2f}" for name, one in interval._asdict().items()}


def _shares(group: Bought, aside: Bought) -> tuple[str, str]:
    return (
        f"{100 * group.converted / group.members:.1f} %",
        f"{100 * aside.converted / aside.members:.1f} %",
    )


def _of(limited: int) -> tuple[str, str]:
    """Return what those who were to be reached are called, in both languages."""
    if limited == 0:
        return "Of the members reached", "触达会员中有"
    return (
        f"Of the members who were to be reached (limits left {limited:,} of them without)",
        f"应触达会员（其中 {limited:,} 人因限额未触达）中有",
    )


def _clear(group: Bought, aside: Bought, conversion: Interval, limited: int) -> Text:
    one, other = _shares(group, aside)
    points, low, high = (f"{abs(100 * part):.1f}" for part in _ordered(conversion))
    more, (of, of_zh) = conversion.value > 0, _of(limited)
    return words(
        f"{of} {one} did it, of those kept aside {other}: {points} points "
        f"{'more' if more else 'fewer'} (95 % interval: {low} to {high}). "
        f"{'It works' if more else 'It does harm'}; chance alone would hardly show this.",
        f"{of_zh} {one} 达成目标，对照组为 {other}：{'高' if more else '低'}出 {points} 个百分点"
        f"（95% 区间：{low} 至 {high}）。{'有效' if more else '有负面影响'}，难以用偶然解释。",
    )


def _ordered(interval: Interval) -> tuple[float, float, float]:
    low, high = sorted((interval.low, interval.high), key=abs)
    return interval.value, low, high


def _open(group: Bought, aside: Bought, conversion: Interval, missing: int, limited: int) -> Text:
    (one, other), (of, of_zh) = _shares(group, aside), _of(limited)
    points = f"{100 * max(abs(conversion.value), _LEAST_POINTS):.1f}"
    return words(
        f"Not enough data yet. {of} {one} did it, of those kept aside {other}; this may "
        f"be chance. To tell a difference of {points} points, about {missing:,} more members are needed.",
        f"数据尚不足。{of_zh} {one} 达成目标，对照组为 {other}，可能只是偶然。"
        f"要分辨 {points} 个百分点的差异，约需再增加 {missing:,} 名会员。",
    )


def _too_few(group: Bought, aside: Bought) -> Text:
    if aside.members == 0:
        return words(
            "Nobody is kept aside, so what would have happened anyway isn't known. Set a hold-out.",
            "没有设置对照组，无法得知不触达时的结果。请设置对照组比例。",
        )
    short = max(_FEWEST - group.members, _FEWEST - aside.members)
    return words(
        f"Not enough data yet: {group.members:,} reached, {aside.members:,} kept aside. "
        f"At least {short:,} more are needed in the smaller group before anything can be said.",
        f"数据尚不足：已触达 {group.members:,} 人，对照组 {aside.members:,} 人。"
        f"较小的一组至少还需 {short:,} 人才能得出结论。",
    )
