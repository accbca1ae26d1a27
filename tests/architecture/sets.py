"""Finds where the order of a set is seen, by reading a syntax tree.

Without types one must guess which expressions are sets. Known are: literals, comprehensions and
calls that make one, algebra on them and on key views, and every name, attribute and function that is
annotated as a set. Orderless uses (`in`, `len`, `sorted`, `any`, another set) are fine.
"""

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field

SET_TYPES = frozenset({"set", "frozenset", "Set", "AbstractSet", "MutableSet", "FrozenSet"})
SET_METHODS = frozenset({"union", "intersection", "difference", "symmetric_difference"})
SET_OPERATORS = (ast.BitOr, ast.BitAnd, ast.Sub, ast.BitXor)

ORDERLESS = frozenset("sorted any all sum len set frozenset min max".split())
ORDERED = frozenset("list tuple enumerate iter next zip map filter reversed str repr reduce".split())
ORDERED_METHODS = frozenset({"join", "fromkeys", "extend", "chain", "from_iterable", "pop"})


def is_set_type(annotation: ast.expr | None) -> bool:
    """Whether an annotation says set: `set[str]`, `AbstractSet[int] | None`, `Final[frozenset[str]]`."""
    match annotation:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name in SET_TYPES
        case ast.Subscript(value=ast.Name(id="Final" | "ClassVar" | "Annotated"), slice=inner):
            return is_set_type(inner.elts[0] if isinstance(inner, ast.Tuple) else inner)
        case ast.Subscript(value=value):
            return is_set_type(value)
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return is_set_type(left) or is_set_type(right)
    return False


def names_of_sets(trees: Iterable[ast.Module]) -> frozenset[str]:
    """Attributes and functions that are sets wherever they are annotated."""
    sets: set[str] = set()
    others: set[str] = set()
    for tree in trees:
        for node in ast.walk(tree):
            match node:
                case ast.ClassDef():
                    for part in node.body:
                        if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name):
                            (sets if is_set_type(part.annotation) else others).add(part.target.id)
                case ast.FunctionDef(name=name, returns=returns):
                    (sets if is_set_type(returns) else others).add(name)
    return frozenset(sets - others)


@dataclass(slots=True)
class SetUses(ast.NodeVisitor):
    """Reads one module.

    Attributes:
        known: Attributes and functions known to be sets (`names_of_sets`).
        found: Line and description of every place where a set's order is seen.
    """

    known: frozenset[str]
    found: list[tuple[int, str]] = field(default_factory=list)
    scopes: list[dict[str, bool]] = field(default_factory=lambda: [{}])

    def is_set(self, node: ast.expr | None) -> bool:
        """Whether an expression is known to be a set."""
        match node:
            case ast.Set() | ast.SetComp():
                return True
            case ast.Name(id=name):
                return next((scope[name] for scope in reversed(self.scopes) if name in scope), False)
            case ast.Attribute(attr=name):
                return name in self.known
            case ast.Call(func=ast.Name(id=name)):
                return name in SET_TYPES or name in self.known
            case ast.Call(func=ast.Attribute(attr=name)):
                return name in SET_METHODS or name in self.known
            case ast.BinOp(left=left, op=op, right=right) if isinstance(op, SET_OPERATORS):
                return any(self.is_set(side) or _is_view(side) for side in (left, right))
            case ast.IfExp(body=body, orelse=orelse):
                return self.is_set(body) or self.is_set(orelse)
            case ast.BoolOp(values=values):
                return any(map(self.is_set, values))
            case ast.NamedExpr(value=value):
                return self.is_set(value)
        return False

    def refuse(self, node: ast.expr, how: str) -> None:
        """Note it if `node` is a set."""
        if self.is_set(node):
            self.found.append((node.lineno, f"a set {how}: {ast.unparse(node)}"))

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        self.scopes.append({each.arg: is_set_type(each.annotation) for each in arguments})
        self.generic_visit(node)
        self.scopes.pop()

    def visit_Assign(self, node: ast.Assign) -> None:
        self.generic_visit(node)
        for target in node.targets:
            if isinstance(target, ast.Name):
                self.scopes[-1][target.id] = self.is_set(node.value)
            elif isinstance(target, ast.Tuple | ast.List):
                self.refuse(node.value, "unpacked")

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self.generic_visit(node)
        if isinstance(node.target, ast.Name):
            self.scopes[-1][node.target.id] = is_set_type(node.annotation) or self.is_set(node.value)

    def visit_For(self, node: ast.For) -> None:
        self.refuse(node.iter, "iterated")
        self.generic_visit(node)

    def visit_ListComp(self, node: ast.ListComp) -> None:
        self._refuse_generators(node.generators)
        self.generic_visit(node)

    def visit_DictComp(self, node: ast.DictComp) -> None:
        self._refuse_generators(node.generators)
        self.generic_visit(node)

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> None:
        self._refuse_generators(node.generators)
        self.generic_visit(node)

    def visit_YieldFrom(self, node: ast.YieldFrom) -> None:
        self.refuse(node.value, "iterated")
        self.generic_visit(node)

    def visit_Starred(self, node: ast.Starred) -> None:
        self.refuse(node.value, "unpacked")
        self.generic_visit(node)

    def visit_FormattedValue(self, node: ast.FormattedValue) -> None:
        self.refuse(node.value, "written out")
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        match node.func:
            case ast.Name(id=name) if name in ORDERED:
                for argument in node.args:
                    self.refuse(argument, f"in {name}()")
            case ast.Name(id="min" | "max" as name) if node.keywords and node.args:
                # Equal keys are told apart by who came first.
                self.refuse(node.args[0], f"in {name}() with a key")
            case ast.Attribute(attr=name, value=value) if name in ORDERED_METHODS:
                for argument in [*node.args, value]:
                    self.refuse(argument, f"in .{name}()")
        if isinstance(node.func, ast.Name) and node.func.id in ORDERLESS and not node.keywords:
            self._visit_orderless(node)
        else:
            self.generic_visit(node)

    def _visit_orderless(self, node: ast.Call) -> None:
        for argument in node.args:
            match argument:
                case ast.GeneratorExp() | ast.ListComp():
                    # The set it runs over may come in any order; what stands inside is still read.
                    super(SetUses, self).generic_visit(argument)
                case ast.Starred(value=value):
                    self.visit(value)
                case _:
                    self.visit(argument)

    def _refuse_generators(self, generators: list[ast.comprehension]) -> None:
        for each in generators:
            self.refuse(each.iter, "iterated")


def _is_view(node: ast.expr) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(attr="keys" | "items"), args=[]):
            return True
    return False
