"""Whom a merged member is a part of now, in SQL: whoever that was merged into counts, to the end."""

from sqlalchemy import Subquery, select

from api.store.schema import MEMBER


def _wholes() -> Subquery:
    hop = (
        select(MEMBER.c.key.label("part"), MEMBER.c.merged_into.label("whole"))
        .where(MEMBER.c.merged_into.is_not(None))
        .cte("merged", recursive=True)
    )
    further = (
        select(hop.c.part, MEMBER.c.merged_into)
        .join(MEMBER, MEMBER.c.key == hop.c.whole)
        .where(MEMBER.c.merged_into.is_not(None))
    )
    hops = hop.union_all(further)
    own_right = MEMBER.alias("own_right")
    return (
        select(hops.c.part, hops.c.whole)
        .join(own_right, own_right.c.key == hops.c.whole)
        .where(own_right.c.merged_into.is_(None))
        .subquery("whole")
    )


WHOLE = _wholes()
"""Each merged member (`part`) with the member in its own right that it is a part of (`whole`)."""
