"""Back-testing rules from files over the log."""

import json
import os
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import Progress as Bar

from api.clock import SystemClock
from api.commands.opening import MISUSE, complain, reading, say, settings_of_operator
from api.commands.rules import document_of
from api.service.backtest_apart import backtest as run_backtest
from api.service.backtest_plan import Wanted, plan
from api.service.backtest_report import report
from api.service.rulebook import Rulebook
from api.store import controls, log
from engine.backtest import Others
from engine.errors import InvalidValue
from engine.language.base import LANGUAGES
from engine.language.catalogue import label_of
from engine.values import Instant, parse_instant

_WORTH_A_PROCESS = 20_000
_OTHERS: dict[str, Others] = {
    "as-they-were": "as_they_were",
    "as-they-are": "as_they_are",
    "none": "none",
}


def backtest(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Rule documents, *.rule.json.", exists=True, dir_okay=False)
    ] = None,
    since: Annotated[
        str | None, typer.Option("--from", help="RFC 3339 instant; the beginning of the log by default.")
    ] = None,
    until: Annotated[str | None, typer.Option(help="RFC 3339 instant; now by default.")] = None,
    without: Annotated[list[str] | None, typer.Option(help="Key of a rule to be left out.")] = None,
    others: Annotated[
        str, typer.Option(help="What holds of all other rules: as-they-were, as-they-are, none.")
    ] = "as-they-were",
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    processes: Annotated[
        int | None, typer.Option(help="Processes that share the work; every core for a long log.", min=1)
    ] = None,
) -> None:
    """Decide the log under other rules and tell what would have been; nothing is written."""
    if others not in _OTHERS:
        complain(f"--others must be one of {', '.join(_OTHERS)}")
        raise typer.Exit(MISUSE)
    documents = [document_of(file) for file in files or []]
    drafts: list[dict[str, Any] | str] = [one.plain() for one in documents]
    wanted = Wanted(drafts, without or [], _OTHERS[others], _instant(since), _instant(until))
    with reading() as connection, Bar(console=say, transient=True, disable=not say.is_terminal) as bar:
        rulebook = Rulebook(matcher="index")
        rulebook.learn(controls.controls_after(connection, 0))
        made = plan(connection, rulebook, wanted, SystemClock().now())
        long = log.last_sequence(connection) >= _WORTH_A_PROCESS
        many = ((os.cpu_count() or 1) if long else 0) if processes is None else processes
        task = bar.add_task("back-testing", total=None)
        found = run_backtest(
            settings_of_operator().database_url,
            made,
            processes=many,
            progress=lambda checked: bar.update(task, completed=checked),
        )
    index = rulebook.index()
    names = {one.rule.key: one.rule.document.plain()["name"] for one in index.standing}
    told = report(found, made, index.rules.catalogue, names)
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        _tell(told)


def _instant(text: str | None) -> Instant | None:
    if text is None:
        return None
    try:
        return parse_instant(text)
    except InvalidValue as error:
        complain(str(error))
        raise typer.Exit(MISUSE) from error


def _tell(told: dict[str, Any]) -> None:
    typer.echo(f"{told['entries']} entries of {told['members']} members, {told['from']} to {told['until']}")
    for one in told["rules"]:
        members, effects = one["difference"]["members"], one["difference"]["effects"]
        if (
            not one["draft"]
            and not members["then"]
            and not members["now"]
            and not effects["then"]
            and not effects["now"]
        ):
            continue
        name = label_of(one["name"], LANGUAGES[0]) or one["rule"]
        typer.echo(f"{name} ({one['rule']}): fired {one['fired']} times for {one['members']} members")
        for what, count in one["effects"].items():
            typer.echo(f"{count:>12,}  {what}")
        for kind, compared in (("members", members), ("effects", effects)):
            typer.echo(
                f"  {kind}: {compared['now']} only here, {compared['then']} only in what happened, "
                f"{compared['both']} in both"
            )
    cost = told["totals"]["cost"]
    typer.echo(f"cost: {cost['total']} minor units of {told['currency']}")
