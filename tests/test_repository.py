"""What the repository may not hold: paths of one machine, hosts of registries, files that have outgrown one idea."""

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TEXT = set(" .py .md .toml .yml .yaml .ipynb .js .css .txt .json .cfg .html .svg .sh".split(" "))

# Written in pieces, so that this file does not hold what it looks for.
MACHINE = re.compile("|".join(rf"(?<![\w.}}])/{folder}/\w" for folder in ("work", "tmp", "home", "root", "Users")))
REGISTRY = re.compile(r"py" r"pi\.org|python" r"hosted|registry\." r"npmjs|deb\." r"debian\.org")


def files():
    """Every file that is, or would be, committed."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True, text=True
    )
    if listed.returncode:
        pytest.skip("not a git clone")
    return [path for name in sorted(set(listed.stdout.split("\0"))) if name and (path := ROOT / name).is_file()]


def texts():
    for path in files():
        if path.suffix in TEXT:
            text = path.read_text(encoding="utf-8")
            yield path.relative_to(ROOT), re.sub(r'"image/png": "[^"]*"', "", text)


@pytest.mark.parametrize("pattern", [MACHINE, REGISTRY], ids=["machine", "registry"])
def test_no_path_of_one_machine_and_no_host_of_a_registry(pattern):
    found = [f"{path}: {match[0]}" for path, text in texts() for match in pattern.finditer(text)]
    assert found == []


def test_the_patterns_find_what_they_look_for():
    for path in ("/tm" "p/x", "File '/hom" "e/anna/x.py'", "=/wor" "k/main", "/User" "s/anna"):
        assert MACHINE.search(path)
    assert not MACHINE.search("see docs/work/plan.md and $HOME/tmp/x")
    assert REGISTRY.search("https://py" "pi.org/project/x")


def test_python_files_stay_small():
    lines = {str(path): text.count("\n") for path, text in texts() if path.suffix == ".py"}
    notebooks = lambda path: path.startswith("lessons") or path.endswith("sheet.py")
    long = {path: count for path, count in lines.items() if count > 450 and not notebooks(path)}
    assert long == {}


def test_functions_of_the_package_stay_small():
    long = {}
    for path, text in texts():
        if path.suffix == ".py" and path.parts[0] == "kerastutor":
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and lines_of_code(node) > 60:
                    long[f"{path}: {node.name}"] = lines_of_code(node)
    assert long == {}


def lines_of_code(function):
    """Lines of a function, its docstring left out."""
    has_docstring = ast.get_docstring(function) is not None and len(function.body) > 1
    first = function.body[1] if has_docstring else function.body[0]
    return function.end_lineno - first.lineno + 1


def test_no_file_is_huge():
    huge = {path.name: path.stat().st_size for path in files() if path.stat().st_size > 11 * 2**20}
    assert huge == {}


def test_version_stands_in_one_place():
    import kerastutor

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert "version" in project["project"]["dynamic"] and "version" not in project["project"]
    assert project["tool"]["hatch"]["version"]["path"] == "kerastutor/__init__.py"
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## [{kerastutor.__version__}]" in changelog


def test_links_inside_the_documents_lead_somewhere():
    for document in ("README.md", "CONTRIBUTING.md"):
        for link in re.findall(r"\]\((?!https?:|#)([^)#]+)", (ROOT / document).read_text(encoding="utf-8")):
            assert (ROOT / link).exists(), f"{document} links to {link}"
