"""The documentation says what the program does."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from chatctl import errors

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.fixture
def generate():
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_generated_pages_are_as_the_program_is_now(generate):
    for page, text in generate.generated().items():
        assert page.read_text() == text, f"run python docs/generate.py: {page.name} is old"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_a_page_points_to_is_there(page):
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text())
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_the_index_names_every_page():
    index = (ROOT / "docs" / "index.md").read_text()
    missing = [page.stem for page in PAGES if page.stem not in ("README", "index") and page.stem not in index]
    assert missing == []


def test_the_readme_has_two_set_up_commands():
    commands = re.findall(r"^python3 -m venv .*", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert len(commands) == 2


def test_the_example_of_the_library_works():
    block = re.search(r"```python\n(.*?)```", (ROOT / "docs" / "library.md").read_text(), re.DOTALL)[1]
    names: dict = {}
    exec(block, names)
    names["test_my_client_is_acknowledged"]()


def test_every_error_is_told_of_at_the_top_of_its_module():
    here = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.ChatctlError)]
    documented = set(re.findall(r"``(\w+)``", errors.__doc__))
    assert {kind.__name__ for kind in here} <= documented
    codes = [kind.code for kind in here if "code" in vars(kind)]
    assert len(codes) == len(set(codes))


def test_every_test_that_the_reliability_page_names_is_there():
    page = (ROOT / "docs" / "reliability.md").read_text()
    named = re.findall(r"`([a-z0-9]+(?:_[a-z0-9]+){3,})`", page)
    source = "".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    assert len(named) > 25
    assert [name for name in named if not re.search(rf"def test_\w*{name}", source)] == []
    assert [path for path in re.findall(r"`(tests/[\w/]+\.py)`", page) if not (ROOT / path).exists()] == []
