"""The HTTP interface, described for machines."""

import json

import typer

from api.app import routed


def openapi() -> None:
    """Print the OpenAPI description."""
    typer.echo(json.dumps(routed().openapi(), ensure_ascii=False, indent=1))
