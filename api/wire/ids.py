"""What a client's own id may look like."""

import re
from typing import Final

CLIENT_ID: Final = r"^[!-.0-~]+$"
"""Visible ASCII without a slash."""

MAX_CLIENT_ID: Final = 128
"""Characters of it."""


def is_client_id(text: str) -> bool:
    """Return whether a text may be a client's own id."""
    return len(text) <= MAX_CLIENT_ID and re.fullmatch(CLIENT_ID, text) is not None
