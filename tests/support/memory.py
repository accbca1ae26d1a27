"""What tests write is kept in memory, where the machine has a disk there with room to spare.

Every commit of a test waits for its disk: thousands of them took longer than all that the tests compute.
Nothing else changes: the databases run with the settings that they always have, and what outlives a
process that is killed outlives it there, too.
"""

import os
import re
import shutil
import tempfile
from pathlib import Path
from typing import Final

DISK: Final = Path("/dev/shm")  # noqa: S108  a folder of our own is made in it
ROOM: Final = 6 * 1024**3
"""Bytes that must be free: two PostgreSQL servers and the databases of what failed take less than half."""

_OURS: Final = "regulars-tests-"


def keep_in_memory() -> Path | None:
    """Let temporary files of this process and its children be in memory from now on.

    What an earlier run left there, because it failed or was killed, is cleared away.

    Returns:
        The folder to be removed at the end; None where there is no such disk, or somebody said where
        temporary files are to be (TMPDIR).
    """
    if "TMPDIR" in os.environ or not os.access(DISK, os.W_OK):
        return None
    for folder in DISK.glob(f"{_OURS}*"):
        owner = re.search(rf"{_OURS}(\d+)-", folder.name)
        if owner is not None and not Path(f"/proc/{owner[1]}").exists():
            shutil.rmtree(folder, ignore_errors=True)
    if shutil.disk_usage(DISK).free < ROOM:
        return None
    folder = Path(tempfile.mkdtemp(prefix=f"{_OURS}{os.getpid()}-", dir=DISK))
    folder.chmod(0o711)  # PostgreSQL's own user must get to its data
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    return folder
