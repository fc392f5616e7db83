"""The shape of the tree: who may import whom, what a family and a file look like."""

import ast
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from functools import cache
from pathlib import Path
from statistics import median
from types import ModuleType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import pytest

import nnstudio
from nnstudio.spec import Setting, describe, help_of, title_of

CHECKOUT = Path(nnstudio.__file__).parents[1]
PACKAGE = CHECKOUT / "nnstudio"
FORBIDDEN_NAMES = {"utils", "util", "misc", "helpers", "helper", "common", "base", "tools"}
MOST_LINES = 400
MEDIAN_LINES = 150
BOUNDED = {"integer", "number"}


def written(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def sources(folder: Path = PACKAGE) -> list[Path]:
    return sorted(folder.rglob("*.py"))


EVERYWHERE = [*sources(), *sources(CHECKOUT / "tests")]


def named(path: Path) -> str:
    return path.relative_to(CHECKOUT).as_posix()


@cache
def modules() -> tuple[ModuleType, ...]:
    """Every module below the window; importing them needs no Qt."""
    found = pkgutil.walk_packages(nnstudio.__path__, "nnstudio.")
    return tuple(
        importlib.import_module(one.name)
        for one in found
        if not one.name.startswith("nnstudio.gui") and not one.name.endswith("__main__")
    )


@cache
def spec_classes() -> tuple[type, ...]:
    return tuple(
        sorted(
            {
                value
                for module in modules()
                for value in vars(module).values()
                if inspect.isclass(value)
                and value.__module__ == module.__name__
                and "spec_title" in vars(value)
            },
            key=lambda cls: cls.__qualname__,
        )
    )


def unions() -> Iterator[tuple[ModuleType, str, tuple[type, ...]]]:
    """The lists that close the families: module, name, members."""
    for module in modules():
        for name, value in vars(module).items():
            if get_origin(value) is Annotated and (inner := get_args(value)[0]) is not None:
                members = get_args(inner) if get_origin(inner) in {Union, UnionType} else ()
                if members and all(is_dataclass(one) for one in members):
                    yield module, name, members


# who may import whom


def test_the_import_contracts_hold() -> None:
    found = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stdout + found.stderr


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(written(path))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def test_qt_is_known_in_the_window_alone() -> None:
    knowing = [
        path for path in sources() if "PySide6" in written(path) or "pyqtgraph" in written(path)
    ]
    assert [named(path) for path in knowing if PACKAGE / "gui" not in path.parents] == []


def test_the_numeric_code_knows_no_thread_and_no_file() -> None:
    for path in sources(PACKAGE / "nn"):
        assert not imports(path) & {"pathlib", "os", "queue", "logging", "io"}, named(path)


def test_python_is_asked_for_as_it_is_said_everywhere() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["requires-python"] == ">=3.11"
    assert project["tool"]["ruff"]["target-version"] == "py311"
    assert project["tool"]["mypy"]["python_version"] == "3.11"


# what a file looks like


def test_no_file_is_named_for_everything_and_nothing() -> None:
    names = {path.stem for path in EVERYWHERE} | {path.parent.name for path in EVERYWHERE}
    assert not names & FORBIDDEN_NAMES


def test_no_module_is_longer_than_can_be_read() -> None:
    assert {named(path): long for path, long in lengths().items() if long > MOST_LINES} == {}


def test_the_median_module_is_short() -> None:
    assert median(long for long in lengths().values() if long > 1) < MEDIAN_LINES


def lengths() -> dict[Path, int]:
    return {path: len(written(path).splitlines()) for path in sources()}


def test_a_module_says_first_what_it_holds() -> None:
    silent = [path for path in sources() if written(path).strip() and not first_line(path)]
    assert [named(path) for path in silent] == []


def first_line(path: Path) -> str:
    said = ast.get_docstring(ast.parse(written(path))) or ""
    return said.partition("\n")[0]


def test_nothing_is_left_to_do() -> None:
    signs = ("TO" + "DO", "FIX" + "ME", "from __future__ import " + "annotations")
    assert [
        named(path) for path in EVERYWHERE if any(sign in written(path) for sign in signs)
    ] == []


def test_every_exception_to_a_rule_has_its_reason_beside_it() -> None:
    bare = re.compile(r"# (noqa(: [A-Z]+\d+(, ?[A-Z]+\d+)*)?|type: ignore(\[[\w, -]+\])?)\W*$")
    assert [
        f"{named(path)}:{number}"
        for path in EVERYWHERE
        for number, line in enumerate(written(path).splitlines(), 1)
        if bare.search(line) and path != Path(__file__)
    ] == []


def test_every_folder_of_the_program_is_a_package() -> None:
    for path in sources():
        assert (path.parent / "__init__.py").is_file(), named(path.parent)


def test_tests_mirror_the_tree() -> None:
    # journeys, translations and this file belong to the whole
    whole = {"test_architecture", "test_wheel", "test_main", "test_translations", "test_readme"}
    # cases are files of the program, not modules: what they show is a matter of the whole, too
    apart = {"journeys", "benchmarks", "oracles", "cases"}
    for path in sources(CHECKOUT / "tests"):
        folder = path.relative_to(CHECKOUT / "tests").parent
        if not path.stem.startswith("test_") or path.stem in whole:
            continue
        if folder.parts[:1] and folder.parts[0] in apart:
            continue
        assert (PACKAGE / folder).is_dir(), f"{named(path)} tests a folder that is not there"


# what a family looks like


def test_there_are_specs_to_look_at() -> None:
    assert len(spec_classes()) > 20
    assert len(list(unions())) >= 6


@pytest.mark.parametrize("cls", spec_classes(), ids=lambda cls: str(cls.__qualname__))
def test_every_spec_has_a_title_and_says_what_it_is(cls: type) -> None:
    assert title_of(cls)
    assert help_of(cls) or cls.__doc__


@pytest.mark.parametrize("cls", spec_classes(), ids=lambda cls: str(cls.__qualname__))
def test_every_setting_has_a_title_help_and_bounds(cls: type) -> None:
    for setting in describe(cls):
        assert setting.title, setting.name
        assert _is_explained(setting), setting.name
        assert _is_bounded(setting), setting.name


def _is_explained(setting: Setting) -> bool:
    if setting.help:
        return True
    # what has parts is explained by them
    return setting.kind in {"spec", "list", "union"} and bool(setting.title)


def _is_bounded(setting: Setting) -> bool:
    return setting.kind not in BOUNDED or setting.minimum is not None


@pytest.mark.parametrize("cls", spec_classes(), ids=lambda cls: str(cls.__qualname__))
def test_the_titles_of_a_choice_are_as_many_as_its_values(cls: type) -> None:
    for setting in describe(cls):
        if setting.kind == "choice":
            assert setting.choices, setting.name
            assert setting.default in {choice.value for choice in setting.choices}


def test_every_member_of_a_family_is_in_the_list_that_closes_it() -> None:
    listed = {member for _, _, members in unions() for member in members}
    for cls in spec_classes():
        if any(field.name == "kind" for field in fields(cls)) and not _stands_alone(cls):
            assert cls in listed, f"{cls.__qualname__} is in no list"


def _stands_alone(cls: Any) -> bool:
    # a family of one has no list yet: its only member is the type of the field itself
    owners = (one for other in spec_classes() for one in describe(other))
    return any(setting.kind == "spec" and cls in setting.members for setting in owners)


def test_the_members_of_a_family_have_kinds_of_their_own() -> None:
    for _, name, members in unions():
        kinds = [next(one.default for one in fields(cls) if one.name == "kind") for cls in members]
        assert len(set(kinds)) == len(kinds), name


def test_every_list_closes_the_file_of_its_family() -> None:
    for module, name, members in unions():
        if members[0].__module__ == module.__name__:
            in_file = {
                cls
                for cls in spec_classes()
                if cls.__module__ == module.__name__
                and any(field.name == "kind" for field in fields(cls))
            }
            siblings = {
                member
                for other, _, more in unions()
                for member in more
                if other.__name__ == module.__name__
            }
            assert in_file <= siblings | set(members), name


def test_every_source_has_its_file_in_the_catalogue() -> None:
    catalogue = importlib.import_module("nnstudio.data.catalogue")
    listed = set(get_args(get_args(catalogue.Source)[0]))
    written = {
        cls
        for cls in spec_classes()
        if cls.__module__.startswith("nnstudio.data.catalogue.")
        and any(field.name == "kind" for field in fields(cls))
    }
    assert listed == written


def test_every_view_is_in_the_list_of_views() -> None:
    views = importlib.import_module("nnstudio.gui.views")
    for one in pkgutil.walk_packages(views.__path__, f"{views.__name__}."):
        importlib.import_module(one.name)

    def below(cls: type[Any]) -> Iterator[type[Any]]:
        for sub in cls.__subclasses__():
            yield sub
            yield from below(sub)

    written = {
        cls
        for cls in below(views.View)
        if cls.__module__.startswith(views.__name__) and not cls.__subclasses__()
    }
    assert written == set(views.VIEWS)
    assert len({view.name for view in views.VIEWS}) == len(views.VIEWS)


# what ships


def test_every_case_is_an_experiment_that_can_be_trained() -> None:
    cases = importlib.import_module("nnstudio.runs.cases")
    found = importlib.import_module("nnstudio.training.problems")
    assert {"handwriting", "mnist-quick"} <= set(cases.case_names())
    for name in cases.case_names():
        assert found.problems(cases.load_case(name), None) == (), name


def test_every_view_that_a_guide_points_to_is_there() -> None:
    guides = importlib.import_module("nnstudio.runs.guides").guides()
    views = importlib.import_module("nnstudio.gui.views").VIEWS
    pointed_to = {look.view for guide in guides for look in guide.looks}
    assert pointed_to
    assert pointed_to <= {view.name for view in views}


def test_what_ships_ready_learned_from_generated_digits_alone_and_is_small() -> None:
    models = importlib.import_module("nnstudio.runs.model_file")
    file = importlib.import_module("nnstudio.places").resource_root() / "models"
    ready = file / "ready-digits.safetensors"
    sources = models.load_model(ready).recipe.experiment.data.sources
    assert [one.source.kind for one in sources] == ["handwriting"]
    assert ready.stat().st_size <= 400_000


def test_the_case_mnist_quick_is_the_default_on_mnist() -> None:
    cases = importlib.import_module("nnstudio.runs.cases")
    experiment = importlib.import_module("nnstudio.training.experiment")
    quick, default = cases.load_case("mnist-quick"), experiment.Experiment()
    assert quick.data.sources[0].source.kind == "mnist"
    assert replace(quick, data=default.data) == default
