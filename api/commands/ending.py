"""How a command ends: 0 when it did what was asked, 1 on a finding, 2 when it could not."""

from collections.abc import Sequence

import structlog
import typer

from api.commands.opening import MISUSE, complain

_log = structlog.get_logger("regulars")


def run(cli: typer.Typer, arguments: Sequence[str] | None = None) -> int:
    """Run the command that the arguments name and return the exit code.

    Args:
        cli: Every command.
        arguments: Words of the command line; by default those of this process.
    """
    try:
        return cli(args=arguments, prog_name="main.py", standalone_mode=False) or 0
    except typer.TyperException as error:
        told = " ".join(error.format_message().split())
        if told:
            context = getattr(error, "ctx", None)
            complain(f"{told} (see {context.command_path if context else 'main.py'} --help)")
        return error.exit_code
    except Exception as error:  # noqa: BLE001  the edge of the process: it is logged and told in a line
        _log.exception("command_failed")
        complain(f"{type(error).__name__}: {str(error).partition(chr(10))[0]}")
        return MISUSE
