"""What is true of every file of the project."""

import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement

LONGEST_FILE = 500
WRITTEN_BY_HAND = {".py", ".ts", ".tsx"}
GENERATED = ("editor/static/", "alembic/versions/")

# Put together from pieces, so that this file does not contain what it looks for.
MACHINE_PATHS = tuple("/" + name + "/" for name in ("work", "farm", "root", "home"))
REGISTRY_HOSTS = tuple(
    ".".join(parts)
    for parts in (
        ("registry", "npmjs", "org"),
        ("registry", "yarnpkg", "com"),
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmmirror", "com"),
    )
)


def project_files(root: Path) -> Iterator[str]:
    """Every file that is tracked or could be: what git does not ignore."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
    return (name for name in sorted(set(listed.splitlines())) if (root / name).is_file())


def text_of(path: Path) -> str:
    """The text of a file; empty if it is not text."""
    content = path.read_bytes()
    return "" if b"\0" in content else content.decode("utf-8")


def lines_with(root: Path, pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name}:{number}: {line.strip()[:120]}"
        for name in project_files(root)
        for number, line in enumerate(text_of(root / name).splitlines(), start=1)
        if pattern.search(line)
    ]


def test_no_file_is_too_long(project_root: Path) -> None:
    """Files stay short enough to be read at one sitting; above 300 lines ask why."""
    too_long = [
        f"{name}: {lines} lines"
        for name in project_files(project_root)
        if Path(name).suffix in WRITTEN_BY_HAND and not name.startswith(GENERATED)
        if (lines := len(text_of(project_root / name).splitlines())) > LONGEST_FILE
    ]

    assert [] == too_long


def test_migrations_do_not_hide_the_library(project_root: Path) -> None:
    """`alembic/__init__.py` would make `import alembic` find our folder instead of the library."""
    assert [] == list((project_root / "alembic").rglob("__init__.py"))


def test_no_module_is_a_drawer(project_root: Path) -> None:
    """A module is named for what it knows; `utils` knows nothing and collects everything."""
    drawers = [
        name
        for name in project_files(project_root)
        if Path(name).stem.lower() in {"utils", "util", "helpers", "misc", "common"}
        and Path(name).suffix in WRITTEN_BY_HAND
    ]

    assert [] == drawers


def test_no_machine_path(project_root: Path) -> None:
    """The project runs from any folder of any machine, so it names none."""
    pattern = re.compile(rf"(?<![\w./:-])({'|'.join(map(re.escape, MACHINE_PATHS))})")

    assert [] == lines_with(project_root, pattern)


def test_no_registry_address(project_root: Path) -> None:
    """Where packages come from is the machine's own setting, in no file of ours."""
    pattern = re.compile("|".join(map(re.escape, REGISTRY_HOSTS)))

    assert [] == lines_with(project_root, pattern)


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "requirements-node.txt"])
def test_lock_file_is_complete(project_root: Path, name: str) -> None:
    """Each locked package is exact, has digests, and comes from no stated address."""
    text = (project_root / name).read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[A-Za-z])", re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE))

    assert [] == [entry for entry in entries if "==" not in entry or "--hash=sha256:" not in entry]
    assert "://" not in text


def test_lock_files_are_in_step(project_root: Path) -> None:
    """What pyproject.toml asks for is what is locked (`make lock`)."""
    project = tomllib.loads((project_root / "pyproject.toml").read_text(encoding="utf-8"))
    asked = {
        "requirements.txt": project["project"]["dependencies"],
        "requirements-dev.txt": project["project"]["dependencies"] + project["dependency-groups"]["dev"],
        "requirements-node.txt": project["dependency-groups"]["node"],
    }

    behind = []
    for name, requirements in asked.items():
        text = (project_root / name).read_text(encoding="utf-8")
        locked = dict(re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==([^\s;]+)", text, flags=re.MULTILINE))
        for requirement in map(Requirement, requirements):
            version = locked.get(requirement.name.lower())
            if version is None or version not in requirement.specifier:
                behind.append(f"{name}: {requirement} is locked at {version}")

    assert [] == behind


def test_development_lock_holds_the_runtime_lock(project_root: Path) -> None:
    """Tests run on the very versions that are shipped."""
    pattern = re.compile(r"^[\w.-]+(?:\[[\w,-]+\])?==[^\s;]+", flags=re.MULTILINE)
    runtime, development = (
        set(pattern.findall((project_root / name).read_text(encoding="utf-8")))
        for name in ("requirements.txt", "requirements-dev.txt")
    )

    assert set() == runtime - development
