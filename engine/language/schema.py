"""The rule language for the editor: its JSON Schema, that of definitions, and the operator table as data."""

from typing import Any, get_args

from engine.language.conditions import MEASURE_TYPES
from engine.language.definitions import Definitions
from engine.language.document import RuleDocument
from engine.language.operators import OPERATORS


def rule_schema() -> dict[str, Any]:
    """Return the JSON Schema of a rule document, draft 2020-12, under the names used in JSON.

    `x-` keywords carry wording and widgets. Beyond those of the models, `op` has `x-operators`
    (each operator's `types` and `operand`) and a history's `measure` has `x-types`.
    """
    return _with_operators(RuleDocument.model_json_schema(by_alias=True))


def definition_schemas() -> dict[str, Any]:
    """Return the JSON Schema of a definition of each kind, draft 2020-12, by its name in `Definitions`.

    `x-` keywords carry titles and widgets, as in the schema of a rule; `x-operators` and `x-types`, too.
    """
    made: dict[str, Any] = {}
    for kind, field in Definitions.model_fields.items():
        for model in get_args(field.annotation) if kind != "programme" else ():
            made[kind] = _with_operators(model.model_json_schema(by_alias=True))
    return made


def _with_operators(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema with the operators of its conditions, if it has any."""
    models = schema.get("$defs", {})
    for name in ("Compare", "History"):
        if name in models:
            field = models[name]["properties"]["op"]
            field["x-operators"] = {op: _shape(op) for op in field["enum"]}
    if "History" in models:
        models["History"]["properties"]["measure"]["x-types"] = dict(MEASURE_TYPES)
    return schema


def operator_table() -> list[dict[str, Any]]:
    """Return the operators in the order in which people choose them.

    Each has its `name`, the fact `types` it can be asked of, its `operand` (`same`, `pair`,
    `many`, `text` or `none`) and its `wording` by language.
    """
    return [{"name": name, **_shape(name), "wording": dict(row.wording)} for name, row in OPERATORS.items()]


def _shape(name: str) -> dict[str, Any]:
    row = OPERATORS[name]
    return {"types": list(row.types), "operand": row.operand}
