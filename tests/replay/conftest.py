"""What the tests of the HTTP interface and of the command line have is had here, too."""

from tests.api.conftest import programme
from tests.end_to_end.conftest import command

__all__ = ["command", "programme"]
