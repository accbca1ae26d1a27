"""Finds what `engine/` must not do, by reading its syntax trees.

The same values must give the same decision on every machine, in every process and in ten years. So
`engine/` reads no clock, environment, file, socket or random source, asks for no `hash()` (it differs
from process to process), iterates no set (its order follows the hash) and knows no `float` (it
differs from the decimal it was written as).

A check that reads syntax sees what is written, not what it means; it is paired with the replays
under different hash seeds. True division of integers is left to mypy: its result is a `float`, which
nothing in `engine/` can be annotated to be.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.architecture.sets import SetUses, names_of_sets

# What pure code needs of the standard library. Everything else is refused until somebody asks.
PURE_LIBRARY = frozenset(
    "__future__ abc base64 binascii bisect calendar collections contextlib copy dataclasses datetime "
    "decimal enum fractions functools graphlib hashlib heapq hmac itertools json operator re string "
    "struct textwrap types typing unicodedata zlib".split()
)
PURE_PACKAGES = frozenset(
    "engine msgspec orjson pydantic pydantic_core annotated_types typing_extensions".split()
)
# Of `math`, what is exact; the rest is about floats.
EXACT_MATH = frozenset("comb factorial gcd isqrt lcm perm prod".split())

# Wider than pure, each in one place for one reason.
ALLOWED_IN = {
    "durable_rules_engine": "match",  # a matcher in C, fed and drained within one call
    "threading": "match",  # its handles belong to one thread each
    "zoneinfo": "schedule",  # the zone data is pinned: the host points it at the locked `tzdata`
}

INSTEAD_OF_IMPORT = {
    "os": "settings are read by the host and passed in",
    "random": "draws are made by the host and recorded as inputs of the decision",
    "secrets": "codes are made by the host and recorded as inputs of the decision",
    "uuid": "ids are made by the host and recorded as inputs of the decision",
    "time": "take the instant as an argument (`as_of`, `occurred_at`)",
    "socket": "deciding needs no network: return an effect and let the host act",
    "pathlib": "files are read by the host and passed in",
    "io": "files are read by the host and passed in",
    "logging": "return a trace; the host logs",
    "math": "use integers or `Decimal`; `from math import` what is in EXACT_MATH",
    "statistics": "use integers or `Decimal`",
}

TAKE_THE_INSTANT = "take the instant as an argument (`as_of`, `occurred_at`)"
FORBIDDEN_CALLS = {
    "open": "files are read by the host and passed in",
    "input": "take the value as an argument",
    "print": "return a trace; the host prints",
    "hash": "it differs from process to process: use `engine.canonical` for a digest, crc32 for a shard",
    "id": "it is an address: compare with `is`, or give the thing a key",
    "float": "use integers (minor units) or `Decimal`",
    "eval": "rules are data: walk the condition tree",
    "exec": "rules are data: walk the condition tree",
    "compile": "rules are data: walk the condition tree",
    "__import__": "import by name, where the import law can see it",
    "globals": "pass the value as an argument",
    "breakpoint": "take it out",
}
FORBIDDEN_ATTRIBUTES = {
    "utcnow": TAKE_THE_INSTANT,
    "today": TAKE_THE_INSTANT,
    "fromtimestamp": "it reads the machine's zone: add a `timedelta` to the epoch",
    "utcfromtimestamp": "add a `timedelta` to the epoch",
}
FORBIDDEN_METHODS = {
    "now": TAKE_THE_INSTANT,
    "timestamp": "it is a float: use `(instant - EPOCH) // timedelta(microseconds=1)`",
    "total_seconds": "it is a float: use `delta // timedelta(seconds=1)`",
}
CONTAINERS = frozenset("list dict set defaultdict OrderedDict Counter deque".split())


@dataclass(frozen=True, slots=True, order=True)
class Impurity:
    """One thing that makes a module impure.

    Attributes:
        line: Where it stands.
        what: What was found, as written.
        instead: What to do instead.
    """

    line: int
    what: str
    instead: str


@dataclass(slots=True)
class Purity(ast.NodeVisitor):
    """Reads one module.

    Attributes:
        module: The module's name below `engine`, without the package: `match`, `language`.
        found: What was found, in the order of the text.
    """

    module: str
    found: list[Impurity] = field(default_factory=list)

    def report(self, node: ast.AST, what: str, instead: str) -> None:
        """Note a finding at `node`."""
        self.found.append(Impurity(getattr(node, "lineno", 0), what, instead))

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self._check_import(node, alias.name)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        if node.level:
            self.report(node, "relative import", "write the full name, as everywhere")
        elif node.module == "math" and {alias.name for alias in node.names} <= EXACT_MATH:
            pass
        elif node.module:
            self._check_import(node, node.module)

    def visit_Call(self, node: ast.Call) -> None:
        match node.func:
            case ast.Name(id=name) if name in FORBIDDEN_CALLS:
                self.report(node, f"{name}()", FORBIDDEN_CALLS[name])
            case ast.Attribute(attr=name) if name in FORBIDDEN_METHODS:
                self.report(node, f".{name}()", FORBIDDEN_METHODS[name])
            case ast.Attribute(attr="astimezone") if not node.args and not node.keywords:
                self.report(node, ".astimezone()", "name the zone: without one it is the machine's")
        for keyword in node.keywords:
            self._check_handed_over(keyword.value)
        for argument in node.args:
            self._check_handed_over(argument)
        self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if node.attr in FORBIDDEN_ATTRIBUTES:
            self.report(node, f".{node.attr}", FORBIDDEN_ATTRIBUTES[node.attr])
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, float | complex):
            self.report(node, f"the literal {node.value}", FORBIDDEN_CALLS["float"])

    def visit_Global(self, node: ast.Global) -> None:
        self.report(node, f"global {', '.join(node.names)}", "keep state in values that are passed on")

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self._check_annotation(node.annotation)
        self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> None:
        self._check_annotation(node.annotation)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._check_annotation(node.returns)
        self.generic_visit(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self.report(node, f"async def {node.name}", "deciding waits for nothing: a plain function will do")
        self.generic_visit(node)

    def visit_Module(self, node: ast.Module) -> None:
        for statement in node.body:
            if isinstance(statement, ast.Assign | ast.AnnAssign) and _is_empty_container(statement.value):
                self.report(
                    statement,
                    "an empty container at module level",
                    "it exists to be filled, so it is global state: pass it as an argument",
                )
        self.generic_visit(node)

    def _check_import(self, node: ast.stmt, name: str) -> None:
        top = name.partition(".")[0]
        if top in PURE_LIBRARY | PURE_PACKAGES or ALLOWED_IN.get(top) == self.module:
            return
        where = ALLOWED_IN.get(top)
        instead = (
            f"only engine.{where} may"
            if where
            else INSTEAD_OF_IMPORT.get(
                top, "engine/ takes values and returns values; see PURE_LIBRARY in tests/architecture"
            )
        )
        self.report(node, f"import of {top}", instead)

    def _check_handed_over(self, value: ast.expr) -> None:
        """`key=hash` and `default_factory=datetime.now` are calls that happen later."""
        match value:
            case ast.Name(id="hash"):
                self.report(value, "hash", FORBIDDEN_CALLS["hash"])
            case ast.Attribute(value=ast.Name(id="datetime"), attr="now"):
                self.report(value, "datetime.now", TAKE_THE_INSTANT)

    def _check_annotation(self, annotation: ast.expr | None) -> None:
        for part in ast.walk(annotation) if annotation else ():
            if isinstance(part, ast.Name) and part.id in {"float", "complex"}:
                self.report(part, f"a value typed {part.id}", FORBIDDEN_CALLS["float"])


def _is_empty_container(value: ast.expr | None) -> bool:
    match value:
        case ast.Dict(keys=[]) | ast.List(elts=[]):
            return True
        case ast.Call(func=ast.Name(id=name), args=[], keywords=[]):
            return name in CONTAINERS
        case ast.Call(func=ast.Name(id="defaultdict")):
            return True
    return False


def impurities(sources: dict[str, str]) -> Iterator[tuple[str, Impurity]]:
    """Everything impure in a package.

    Args:
        sources: The text of each module by its name below `engine`: `match`, `language.check`.
    """
    trees = {name: ast.parse(source) for name, source in sources.items()}
    known = names_of_sets(trees.values())
    for name, tree in trees.items():
        purity = Purity(name.partition(".")[0])
        purity.visit(tree)
        uses = SetUses(known)
        uses.visit(tree)
        found = purity.found + [
            Impurity(
                line, what, "its order follows the hash seed: iterate `sorted(...)`, or keep a tuple or dict"
            )
            for line, what in uses.found
        ]
        for impurity in sorted(found):
            yield name, impurity
