"""A replay over all cores: each process decides some of the members again."""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise
from multiprocessing import get_context
from typing import Final

from api.service.replaying import Part, Report, replay_log
from api.store import members
from api.store.database import Database

_PARTS_A_PROCESS: Final = 4


def replay_apart(
    url: str, *, processes: int, sample: int = 0, progress: Callable[[int], None] | None = None
) -> Report:
    """Decide the log again in several processes, and compare.

    Members have nothing to do with each other in a replay, so each part may come
    from a snapshot of its own while the log grows.

    Args:
        url: The database.
        processes: How many; each reads the database by itself.
        sample: One in so many answers of the matcher is compared with the reference.
        progress: Told the number of entries from time to time.

    Returns:
        The report that `replay_log` gives.
    """
    with Database.open(url, writable=False) as database, database.read() as connection:
        keys: list[str | None] = [*members.parts(connection, processes * _PARTS_A_PROCESS)]
    parts = [Part(behind or "", upto) for behind, upto in pairwise([None, *keys, None])]
    whole = Report()
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        running = [pool.submit(replay_part, url, part, sample) for part in parts]
        for one in running:
            whole.join(one.result())
            if progress is not None:
                progress(whole.checked)
    return whole


def replay_part(url: str, part: Part, sample: int) -> Report:
    """Decide some members' logs again, in a process of its own."""
    with Database.open(url, writable=False) as database, database.read() as connection:
        return replay_log(connection, part=part, sample=sample)
