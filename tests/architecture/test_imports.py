"""The import law of pyproject.toml is kept, and cannot be walked around."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

LAYERED = ("engine", "api")


def run_import_linter(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--no-logo", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_contracts_are_kept(project_root: Path) -> None:
    """Every import points inwards, and every module has its place."""
    done = run_import_linter(project_root)

    assert 0 == done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("package", LAYERED)
def test_layers_are_exhaustive(project_root: Path, package: str) -> None:
    """A module that nobody has placed breaks the build, with no exception."""
    project = tomllib.loads((project_root / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = [
        contract
        for contract in project["tool"]["importlinter"]["contracts"]
        if contract.get("containers") == [package]
    ]

    assert [True] == [contract["exhaustive"] for contract in contracts]
    assert not any({"exhaustive_ignores", "ignore_imports"} & contract.keys() for contract in contracts)


def test_packages_themselves_import_nothing(project_root: Path) -> None:
    """The layers say nothing of `__init__.py`, through which a lower one could reach a higher."""
    importing = [
        package
        for package in LAYERED
        for path in project_root.glob(f"{package}/__init__.py")
        if any(
            isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(ast.parse(path.read_text()))
        )
    ]

    assert [] == importing


@pytest.fixture
def small_project(tmp_path: Path, project_root: Path) -> Path:
    """A project under our contracts with our modules' names and nothing in them."""
    for package in ("engine", "api", "editor", "rule_library"):
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
        for module in (project_root / package).iterdir():
            if module.suffix == ".py" or (module / "__init__.py").exists():
                (tmp_path / package / f"{module.stem}.py").touch()
    (tmp_path / "main.py").touch()
    settings = (project_root / "pyproject.toml").read_text(encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(settings, encoding="utf-8")
    return tmp_path


def test_lawful_project_is_left_alone(small_project: Path) -> None:
    """What each contract allows, it allows."""
    (small_project / "api" / "store.py").write_text("import sqlalchemy, engine.match", encoding="utf-8")
    (small_project / "engine" / "match.py").write_text("import durable_rules_engine", encoding="utf-8")
    (small_project / "engine" / "decide.py").write_text("import engine.match", encoding="utf-8")

    done = run_import_linter(small_project)

    assert 0 == done.returncode, done.stdout


@pytest.mark.parametrize(
    ("module", "statement", "contract"),
    [
        ("engine/values.py", "import engine.match", "engine: replay"),
        ("engine/unplaced.py", "", "engine: replay"),
        ("engine/values.py", "import api", "engine is pure"),
        ("engine/decide.py", "import sqlalchemy", "engine is pure"),
        ("engine/decide.py", "import durable_rules_engine", "only engine.match"),
        ("api/wire.py", "import sqlmodel", "only api.store"),
        ("api/clock.py", "import api.app", "api: app"),
        ("api/unplaced.py", "", "api: app"),
        ("api/wire.py", "import editor", "api and editor"),
        ("api/wire.py", "import main", "main is the outermost"),
    ],
)
def test_breach_is_found(small_project: Path, module: str, statement: str, contract: str) -> None:
    """Each contract refuses what it is there to refuse."""
    (small_project / module).write_text(statement, encoding="utf-8")

    report = run_import_linter(small_project).stdout

    broken = [line for line in report.splitlines() if line.endswith("BROKEN")]
    assert any(line.startswith(contract) for line in broken), report
