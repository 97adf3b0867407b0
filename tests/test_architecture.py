"""Rules about the code itself: imports run one way, files have names that say what they are."""

from __future__ import annotations

import ast
import json
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from backend.config import Config
from backend.version import VERSION

ROOT = Path(__file__).parent.parent
BACKEND = ROOT / "backend"
EXTENSION = ROOT / "extension"

# From top to bottom: a module may import those in lower rows, and its own entry of its own row.
ROWS: list[set[str]] = [
    {"backend.__main__"},
    {"backend.server"},
    {"backend"},
    {"backend.reading"},
    {"backend.api", "backend.commands"},
    {"backend.memory_commands", "backend.prefetch_command"},
    {"backend.batch_prefetch"},
    {"backend.services"},
    {"backend.database_start"},
    {"backend.memory_keeping"},
    {"backend.translated_papers", "backend.contributions", "backend.provider_batches"},
    {"backend.monitoring"},
    {"backend.lists"},
    {"backend.translation", "backend.papers"},
    {"backend.verification"},
    {"backend.alignment"},
    {
        "backend.spending",
        "backend.llm",
        "backend.terminology",
        "backend.texts",
        "backend.languages",
        "backend.arxiv_categories",
    },
    {"backend.backups", "backend.housekeeping"},
    {"backend.leases", "backend.revisions", "backend.config"},
    {"backend.database"},
    {"backend.postgresql"},
    {"backend.connection_turns"},
    {
        "backend.clients",
        "backend.outages",
        "backend.event_loop",
        "backend.write_groups",
        "backend.jitter",
    },
    {"backend.errors", "backend.observer", "backend.sources", "backend.version"},
]
FLASK_ALLOWED = {"backend", "backend.commands", "backend.memory_commands", "backend.services"}
NAMELESS = {"utils", "helpers", "common", "misc", "stuff", "lib", "shared", "util", "helper"}


@cache
def modules() -> tuple[tuple[str, ast.Module], ...]:
    """Every module of the backend, but for the migrations, which stand alone."""
    paths = (path for path in sorted(BACKEND.rglob("*.py")) if "migrations" not in path.parts)
    return tuple(
        (
            ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"),
            ast.parse(path.read_text("utf-8")),
        )
        for path in paths
    )


def imports(name: str, tree: ast.Module) -> Iterator[str]:
    """The modules a module imports, by full name."""
    known = {module for module, _ in modules()}
    package = (
        name
        if (ROOT / name.replace(".", "/") / "__init__.py").exists()
        else name.rpartition(".")[0]
    )
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*parts, *([base] if base else [])])
            inner = [f"{base}.{alias.name}" for alias in node.names]
            yield from (i if i in known else base for i in inner)


def row(name: str) -> tuple[int, str]:
    """A module's row, and the entry of the row it belongs to."""
    found = [
        (len(entry), n, entry)
        for n, entries in enumerate(ROWS)
        for entry in entries
        if name == entry or (name.startswith(entry + ".") and entry != "backend")
    ]
    assert found, f"{name} stands in no row: give it one in ROWS"
    _, n, entry = max(found)
    return n, entry


def test_imports_flow_down():
    wrong = []
    for name, tree in modules():
        here, group = row(name)
        for imported in imports(name, tree):
            if not imported.startswith("backend"):
                continue
            there, other = row(imported)
            if there < here or (there == here and other != group):
                wrong.append(f"{name} imports {imported}")
    assert wrong == []


def test_no_modules_import_each_other_in_a_circle():
    """Imports for types alone and inside functions count too."""
    graph = {
        name: {i for i in imports(name, tree) if i != name and i.startswith("backend")}
        for name, tree in modules()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_flask_appears_only_in_the_top_rows():
    wrong = [
        name
        for name, tree in modules()
        if name not in FLASK_ALLOWED
        and not name.startswith(("backend.api.", "backend.reading"))
        and any(imported.split(".")[0] == "flask" for imported in imports(name, tree))
    ]
    assert wrong == []


def test_only_errors_and_version_import_nothing_of_ours():
    for name, tree in modules():
        if name in {"backend.errors", "backend.version"}:
            assert not [i for i in imports(name, tree) if i.startswith("backend")]


@pytest.mark.parametrize("folder", ["backend", "extension", "tests", "scripts", "benchmarks"])
def test_no_file_is_named_after_nothing(folder: str):
    wrong = [
        str(path.relative_to(ROOT))
        for path in (ROOT / folder).rglob("*")
        if path.stem.lower() in NAMELESS and "node_modules" not in path.parts
    ]
    assert wrong == []


MAX_LINES = 320
DATA = {".json", ".toml", ".tsv", ".txt", ".md", ".png", ".svg"}


def test_no_file_is_long():
    """Tests and data apart: whoever opens a file should see what it is about."""
    wrong = {}
    for folder in (BACKEND, EXTENSION, ROOT / "scripts", ROOT / "benchmarks"):
        for path in folder.rglob("*.*"):
            if path.suffix not in DATA and "__pycache__" not in path.parts:
                lines = path.read_text("utf-8").count("\n")
                if lines > MAX_LINES:
                    wrong[str(path.relative_to(ROOT))] = lines
    assert wrong == {}


def test_no_package_of_the_backend_is_a_hall():
    """Each counts its own modules: rooms of a package, such as the web's feeds and citations, count apart."""
    wrong = {}
    for package in (path.parent for path in BACKEND.rglob("*/__init__.py")):
        lines = sum(path.read_text("utf-8").count("\n") for path in package.glob("*.py"))
        if package.name != "texts" and lines > 2_700:
            wrong[package.name] = lines
    assert wrong == {}


def test_the_map_names_every_package_and_setting():
    """docs/architecture.md is what a newcomer reads first."""
    told = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    packages = [path.parent for path in BACKEND.rglob("__init__.py") if path.parent != BACKEND]
    folders = [path.parent for path in EXTENSION.rglob("*.js") if path.parent != EXTENSION]
    names = {f"{path.name}/" for path in [*packages, *folders]}
    assert [name for name in sorted(names) if name not in told] == []
    assert [name for name in Config.variables() if f"`{name}`" not in told] == []


def test_settings_are_read_in_one_place():
    wrong = [
        name
        for name, tree in modules()
        for node in ast.walk(tree)
        # The health check runs every half minute, by itself: it cannot load the rest.
        if name
        not in {
            "backend.config",
            "backend.server.counting",
            "backend.server.healthcheck",
            "backend.server.startup",
        }
        and isinstance(node, ast.Attribute)
        and node.attr == "environ"
        and ast.unparse(node) != "request.environ"  # one request's, not the process's
    ]
    assert wrong == []


_AT_THE_TOP = re.compile(r"""(?m)^(?:import|\}) (?:.*?from )?'(.+?)';$""")
_IMPORT = re.compile(
    r"""(?:^|\n)\s*(?:import|export)\b[^;'"]*?from\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)"""
)


# Inside content/, from top to bottom: a module may import those of lower rows, and of its own folder.
CONTENT_ROWS = ("main.js", "ui", "export", "schedule", "view", "document", "pages")


@cache
def extension_imports() -> dict[Path, set[Path]]:
    """What each module of the extension imports: at its top, on demand, or types alone."""
    root = EXTENSION.resolve()
    return {
        path.relative_to(root): {
            (path.parent / (match[1] or match[2])).resolve().relative_to(root)
            for match in _IMPORT.finditer(path.read_text("utf-8"))
        }
        for path in root.rglob("*.js")
    }


def at_the_top(module: Path) -> list[Path]:
    """What a module imports before any of it runs."""
    targets = _AT_THE_TOP.findall(module.read_text("utf-8"))
    return [(module.parent / target).resolve() for target in targets]


def loaded_with(module: Path) -> set[Path]:
    """Every module that has to be there before this one runs."""
    loaded: set[Path] = set()
    queue = [module]
    while queue:
        new = set(at_the_top(queue.pop())) - loaded
        loaded |= new
        queue += new
    return loaded


def test_every_import_of_the_extension_names_a_module():
    wrong = [
        f"{module} imports {target}"
        for module, targets in extension_imports().items()
        for target in targets - extension_imports().keys()
    ]
    assert wrong == []


def test_extension_parts_import_only_their_own_and_the_leaves():
    wrong = [
        f"{module} imports {target}"
        for module, targets in extension_imports().items()
        for target in targets
        if len(target.parts) > 1
        and target.parts[0] != (module.parts[0] if module.parts[1:] else "")
    ]
    assert wrong == []


def test_the_leaves_of_the_extension_import_only_the_browser():
    """And the shapes of messages, which are types and nothing else."""
    wrong = [
        f"{module} imports {target}"
        for module, targets in extension_imports().items()
        for target in targets - {Path("browser.js"), Path("messages.js")}
        if len(module.parts) == 1
    ]
    assert wrong == []


def test_imports_of_the_content_script_flow_down():
    wrong = []
    for module, targets in extension_imports().items():
        for target in targets:
            if module.parts[0] != "content" or target.parts[0] != "content":
                continue
            above, below = module.parts[1], target.parts[1]
            rows = (CONTENT_ROWS.index(above), CONTENT_ROWS.index(below))
            if rows[0] > rows[1]:
                wrong.append(f"{module} imports {target}")
    assert wrong == []


def test_no_module_of_the_extension_imports_itself_by_others():
    left = {module: set(targets) for module, targets in extension_imports().items()}
    while free := [module for module, targets in left.items() if not targets & left.keys()]:
        for module in free:
            del left[module]
    assert sorted(map(str, left)) == []


def test_the_popup_preloads_what_it_imports():
    """Else its modules are found one after the other, while the reader looks at nothing."""
    html = (EXTENSION / "popup/popup.html").read_text("utf-8")
    preloaded = re.findall(r'rel="modulepreload" href="([^"]+)"', html)
    assert len(set(preloaded)) == len(preloaded)
    popup = EXTENSION.resolve() / "popup"
    assert {(popup / each).resolve() for each in preloaded} == loaded_with(popup / "popup.js")


def test_the_content_script_names_all_that_is_loaded_with_it():
    """As a content script has no preloading, its main module does it, before the page is painted."""
    main = EXTENSION.resolve() / "content/main.js"
    assert set(at_the_top(main)) == loaded_with(main)


def test_no_file_of_the_extension_is_long():
    wrong = [
        f"{path.relative_to(EXTENSION)}: {lines} lines"
        for path in EXTENSION.rglob("*")
        if path.suffix in {".js", ".css", ".html"}
        and (lines := len(path.read_text("utf-8").splitlines())) > 320
    ]
    assert wrong == []


def test_every_locale_has_the_same_messages():
    locales = {
        path.parent.name: json.loads(path.read_text("utf-8"))
        for path in EXTENSION.glob("_locales/*/messages.json")
    }
    assert set(locales) == {"en", "zh_CN", "zh_TW", "ja", "ko", "es", "fr", "de"}
    for name, messages in locales.items():
        assert set(messages) == set(locales["en"]), name
        for key, message in messages.items():
            assert message["message"].strip(), (name, key)
            used = set(re.findall(r"\$(\w+)\$", message["message"].lower()))
            assert used == set(re.findall(r"\$(\w+)\$", locales["en"][key]["message"].lower())), (
                name,
                key,
            )
            assert used <= {p.lower() for p in message.get("placeholders", {})}, (name, key)
    assert all("description" in message for message in locales["en"].values())


def test_one_version():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    manifest = json.loads((EXTENSION / "manifest.json").read_text("utf-8"))
    assert project["version"] == manifest["version"] == VERSION


def test_locks_name_no_index():
    for lock in ROOT.glob("requirements*.txt"):
        text = lock.read_text("utf-8")
        assert "://" not in text, lock.name
        assert "--index" not in text, lock.name
        assert "--hash=sha256:" in text
    package_lock = ROOT / "package-lock.json"
    assert '"resolved"' not in package_lock.read_text("utf-8")
