"""The command line of Regulars: each command by its name, and where the service and the studio are joined."""

import gc
import socket
import sys
import threading
import zoneinfo
from contextlib import suppress
from typing import Annotated, Any

import typer
import uvicorn

from api.app import create_app, log_plainly
from api.assembly import assemble
from api.clock import SystemClock
from api.commands.audit import replay, summary
from api.commands.backtest import backtest
from api.commands.database import migrate
from api.commands.demonstration import demo
from api.commands.description import openapi
from api.commands.ending import run
from api.commands.history import import_file
from api.commands.members import erase, export_member, merge
from api.commands.opening import explained, say, settings_of_operator
from api.commands.people import create_key, create_user
from api.commands.proof import export_proof, seal, verify
from api.commands.rules import define, publish
from api.service.refusal import Refusal
from api.service.warming import Warming
from api.store.migrate import upgrade
from editor import pages


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="TCP port; 0 for a free one.", min=0, max=65_535)] = None,
) -> None:
    """Serve the studio and the HTTP interface, and fire timers as they fall due."""
    with explained():
        settings = settings_of_operator()
        door = _listening(host or settings.host, settings.port if port is None else port)
        upgrade(settings.database_url)
        programme = assemble(settings, SystemClock(), Warming(), timers=True)
    programme.writer.start()
    programme.worker.start()
    threading.Thread(target=programme.services.rule_list.learn, name="regulars-rules", daemon=True).start()
    try:
        app = create_app(programme.services, settings, pages=[pages.router])
        pages.mount_static(app)
        config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False)
        server = uvicorn.Server(config)
        say.print(f"Regulars is at [bold]{_address(door)}[/bold]")
        with suppress(KeyboardInterrupt):  # Ctrl-C is how it is meant to end
            server.run(sockets=[door])
    finally:
        programme.close()


def _listening(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        reason = str(error.strerror).partition(" (")[0]
        raise Refusal("unavailable", f"Can't listen on {host} port {port}: {reason}.") from error


def _address(door: socket.socket) -> str:
    host, port = door.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


COMMANDS: dict[str, Any] = {
    "serve": serve,
    "demo": demo,
    "publish": publish,
    "define": define,
    "import": import_file,
    "merge": merge,
    "erase": erase,
    "export-member": export_member,
    "replay": replay,
    "backtest": backtest,
    "seal": seal,
    "verify": verify,
    "export-proof": export_proof,
    "summary": summary,
    "create-user": create_user,
    "create-key": create_key,
    "openapi": openapi,
    "migrate": migrate,
}


def prepare() -> None:
    """Set what holds for the whole process."""
    # Zones come from the pinned tzdata package, never from the machine: decisions depend on them.
    zoneinfo.reset_tzpath(to=[])
    log_plainly()
    # Events, states and decisions are trees without cycles, so looking for cycles as often as by default
    # only costs time: about a fifth of an import.
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


def command_line() -> typer.Typer:
    """Return every command by its name."""
    cli = typer.Typer(
        no_args_is_help=True,
        add_completion=False,
        help="Regulars 常客: membership rules that can be replayed.",
    )
    for name, command in COMMANDS.items():
        cli.command(name)(command)
    return cli


if __name__ == "__main__":
    prepare()
    sys.exit(run(command_line()))
