"""A setting is defined once: what the field says is checked, described, written and read alike."""

import json
import math
from dataclasses import FrozenInstanceError, fields, is_dataclass, replace
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnstudio.spec import (
    Choice,
    Display,
    Field,
    Problem,
    Setting,
    SpecError,
    describe,
    from_json,
    help_of,
    kind_of,
    spec,
    title_of,
    to_json,
)
from nnstudio.texts import text
from nnstudio.training.experiment import Experiment

Size = Annotated[
    int, Field(ge=1, le=9, title="Size", description="How large."), Display(scale="log", live=True)
]


@spec(title="Round", help="No corners.")
class Round:
    kind: Literal["round"] = "round"
    radius: Annotated[float, Field(gt=0, lt=4, title="Radius", description="From the middle.")] = 1
    size: Size = 2


@spec(title="Square")
class Square:
    kind: Literal["square"] = "square"
    size: Size = 3
    corners: Annotated[bool, Field(title="Corners")] = True


Shape = Annotated[Round | Square, Field(discriminator="kind", title="Shape", description="Form.")]


@spec(title="Inside", help="What is inside.")
class Inside:
    word: Annotated[str, Field(title="Word", description="Any.")] = "a"


@spec(title="Everything", help="One field of every kind.")
class Everything:
    shape: Shape = Round()
    inside: Inside = Inside()
    side: Annotated[
        Literal["left", "right"], Field(title="Side"), Display(choices=("Left", "Right"))
    ] = "left"
    plain: Literal["a", "b"] = "a"
    limit: Annotated[int | None, Field(ge=1, title="Limit", description="At most.")] = None
    other: Annotated[Shape | None, Display(section="last")] = None
    numbers: Annotated[tuple[int, ...], Field(min_length=1, max_length=3, title="Numbers")] = (1,)
    shapes: tuple[Shape, ...] = ()
    nothing: tuple[()] = ()


@spec(title="Demanding")
class Demanding:
    needed: Annotated[int, Field(title="Needed")]


def setting(name: str) -> Setting:
    return next(one for one in describe(Everything) if one.name == name)


def problems_of(values: dict[str, Any]) -> list[tuple[tuple[str | int, ...], str]]:
    with pytest.raises(SpecError) as caught:
        from_json(Everything, values)
    return [(problem.path, str(problem.message)) for problem in caught.value.problems]


# ---- what a spec is


def test_a_spec_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        Round().radius = 2.0  # type: ignore[misc]  # the point of the test


def test_equal_specs_hash_alike() -> None:
    assert hash(Everything(shape=Square(size=4))) == hash(Everything(shape=Square(size=4)))


def test_a_whole_number_is_taken_for_a_number_and_becomes_one() -> None:
    assert isinstance(Round(radius=2).radius, float)


@pytest.mark.parametrize("wrong", [True, "1", None, math.nan, math.inf, 0, 4])
def test_a_number_refuses_what_is_not_legal(wrong: Any) -> None:
    with pytest.raises(SpecError):
        Round(radius=wrong)


def test_replace_checks_again() -> None:
    with pytest.raises(SpecError, match="size: must be at most 9"):
        replace(Round(), size=10)


def test_positional_values_are_refused() -> None:
    with pytest.raises(SpecError, match="not legal"):
        Round("round")  # type: ignore[call-arg]  # the point of the test


def test_all_problems_are_reported_at_once() -> None:
    with pytest.raises(SpecError) as caught:
        Round(radius=-1, size=0)
    assert {problem.path for problem in caught.value.problems} == {("radius",), ("size",)}


def test_an_error_about_the_whole_has_a_place_too() -> None:
    error = SpecError((Problem((), text("is not legal here")),))
    assert str(error) == "the whole: is not legal here"


def test_titles_help_and_tags_are_read_from_the_class() -> None:
    assert (title_of(Round), help_of(Round), kind_of(Round)) == ("Round", "No corners.", "round")


# ---- describe


def test_describe_gives_fields_in_order_and_leaves_the_tag_out() -> None:
    assert [one.name for one in describe(Square)] == ["size", "corners"]


def test_describe_is_remembered() -> None:
    assert describe(Square) is describe(Square)


def test_a_field_tells_title_help_bounds_and_display() -> None:
    assert describe(Round)[1] == Setting(
        name="size",
        title="Size",
        help="How large.",
        kind="integer",
        default=2,
        minimum=1,
        maximum=9,
        display=Display(scale="log", live=True),
    )


def test_open_bounds_are_told_from_closed_ones() -> None:
    radius = describe(Round)[0]
    assert (radius.minimum, radius.open_minimum) == (0, True)
    assert (radius.maximum, radius.open_maximum) == (4, True)


def test_a_choice_takes_the_titles_of_its_display() -> None:
    assert setting("side").choices == (Choice("left", "Left"), Choice("right", "Right"))


def test_a_choice_without_titles_shows_its_values() -> None:
    assert setting("plain").choices == (Choice("a", "a"), Choice("b", "b"))
    assert setting("plain").title == "plain"


def test_a_union_names_its_members() -> None:
    assert (setting("shape").kind, setting("shape").members) == ("union", (Round, Square))
    assert setting("shape").title == "Shape"


def test_a_second_title_leaves_the_help_of_the_first() -> None:
    @spec(title="Renamed")
    class Renamed:
        form: Annotated[Shape, Field(title="Outline")] = Round()

    assert (describe(Renamed)[0].title, describe(Renamed)[0].help) == ("Outline", "Form.")


def test_a_spec_without_words_of_its_own_takes_those_of_its_class() -> None:
    inside = setting("inside")
    assert (inside.kind, inside.members) == ("spec", (Inside,))
    assert (inside.title, inside.help) == ("Inside", "What is inside.")


def test_an_optional_field_keeps_bounds_and_words() -> None:
    limit = setting("limit")
    assert (limit.kind, limit.optional, limit.minimum) == ("integer", True, 1)
    assert (limit.title, limit.help, limit.default) == ("Limit", "At most.", None)


def test_an_optional_union_is_a_union_that_is_optional() -> None:
    other = setting("other")
    assert (other.kind, other.optional, other.members) == ("union", True, (Round, Square))
    assert (other.title, other.display.section) == ("Shape", "last")


def test_a_list_tells_its_items_and_lengths() -> None:
    numbers = setting("numbers")
    assert (numbers.kind, numbers.members) == ("list", (int,))
    assert (numbers.minimum_length, numbers.maximum_length) == (1, 3)


def test_a_list_of_a_union_names_all_its_members() -> None:
    assert (setting("shapes").kind, setting("shapes").members) == ("list", (Round, Square))
    assert setting("shapes").title == "shapes"


def test_a_list_that_must_be_empty_has_no_members() -> None:
    assert (setting("nothing").kind, setting("nothing").members) == ("list", ())


def test_an_optional_field_may_have_several_bare_members() -> None:
    @spec(title="Bare")
    class Bare:
        either: Round | Square | None = None

    assert describe(Bare)[0].members == (Round, Square)


def test_a_field_that_must_be_given_has_no_default() -> None:
    assert describe(Demanding)[0].default is None


def test_a_field_that_no_form_could_show_is_an_error() -> None:
    @spec(title="Odd")
    class Odd:
        table: dict[str, int]

    with pytest.raises(TypeError, match="'table'"):
        describe(Odd)


# ---- JSON


def test_json_holds_every_field_and_the_tags() -> None:
    assert to_json(Everything(shape=Square(), shapes=(Round(),), numbers=(3, 4))) == {
        "shape": {"kind": "square", "size": 3, "corners": True},
        "inside": {"word": "a"},
        "side": "left",
        "plain": "a",
        "limit": None,
        "other": None,
        "numbers": [3, 4],
        "shapes": [{"kind": "round", "radius": 1.0, "size": 2}],
        "nothing": [],
    }


def test_fields_left_out_take_their_defaults() -> None:
    assert from_json(Everything, {"limit": 3}) == Everything(limit=3)


@pytest.mark.parametrize(
    ("values", "path", "message"),
    [
        ({"foo": 1}, ("foo",), "there is no setting of this name"),
        ({"limit": 0}, ("limit",), "must be at least 1"),
        ({"limit": 1.5}, ("limit",), "must be a whole number"),
        ({"limit": "1"}, ("limit",), "must be a whole number"),
        ({"side": "up"}, ("side",), "must be one of left, right"),
        ({"inside": {"word": 1}}, ("inside", "word"), "must be a text"),
        ({"inside": 1}, ("inside",), "must be a group of settings"),
        ({"shape": {"kind": "round", "radius": 4}}, ("shape", "radius"), "must be less than 4"),
        (
            {"shape": {"kind": "round", "radius": 0.0}},
            ("shape", "radius"),
            "must be greater than 0",
        ),
        (
            {"shape": {"kind": "round", "radius": math.inf}},
            ("shape", "radius"),
            "must be a finite number",
        ),
        ({"shape": {"kind": "round", "radius": "x"}}, ("shape", "radius"), "must be a number"),
        ({"shape": {"kind": "oval"}}, ("shape",), "must be one of round, square"),
        ({"shape": {}}, ("shape",), "does not say which kind it is"),
        ({"shape": "round"}, ("shape",), "must be a group of settings"),
        (
            {"shape": {"kind": "square", "radius": 1}},
            ("shape", "radius"),
            "there is no setting of this name",
        ),
        (
            {"shape": {"kind": "square", "corners": 1}},
            ("shape", "corners"),
            "must be true or false",
        ),
        ({"other": {"kind": "square", "size": 0}}, ("other", "size"), "must be at least 1"),
        ({"numbers": []}, ("numbers",), "needs at least 1"),
        ({"numbers": [1, 2, 3, 4]}, ("numbers",), "takes at most 3"),
        ({"numbers": 1}, ("numbers",), "must be a list"),
        ({"nothing": [1]}, ("nothing",), "takes at most 0"),
        ({"shapes": [{"kind": "square", "size": 0}]}, ("shapes", 0, "size"), "must be at least 1"),
        ({"shapes": [{"kind": "oval"}]}, ("shapes", 0), "must be one of round, square"),
    ],
)
def test_a_problem_is_said_in_words_at_its_path(
    values: dict[str, Any], path: tuple[str | int, ...], message: str
) -> None:
    assert problems_of(values) == [(path, message)]


def test_an_item_that_is_refused_does_not_make_its_list_too_short() -> None:
    assert problems_of({"numbers": ["x"]}) == [(("numbers", 0), "must be a whole number")]


def test_a_field_that_must_be_given_is_said_to_be_missing() -> None:
    with pytest.raises(SpecError, match="needed: is missing"):
        from_json(Demanding, {})
    with pytest.raises(SpecError, match="needed: is missing"):
        Demanding()  # type: ignore[call-arg]  # the point of the test


@pytest.mark.parametrize("whole", [[], 1, None, "x"])
def test_what_is_no_group_of_settings_at_all_is_refused(whole: Any) -> None:
    with pytest.raises(SpecError, match="the whole"):
        from_json(Everything, whole)


def test_data_nested_without_end_are_refused() -> None:
    endless: dict[str, Any] = {}
    endless["shape"] = endless
    deep: dict[str, Any] = {}
    inner = deep
    for _ in range(100_000):
        inner["shape"] = {}
        inner = inner["shape"]
    for data in (endless, deep):
        with pytest.raises(SpecError, match="not legal"):
            from_json(Everything, data)


# ---- every spec of the program


def specs(cls: type = Experiment) -> dict[str, type]:
    """Every spec class that can be reached from `cls`, by name."""
    found = {cls.__name__: cls}
    for one in describe(cls):
        for member in one.members:
            if is_dataclass(member) and member.__name__ not in found:
                found |= specs(member)
    return found


SPECS = tuple(specs().values())


def values_of(one: Setting) -> st.SearchStrategy[Any]:
    """Legal values of a setting."""
    made: dict[str, Any] = {
        "flag": st.booleans,
        "text": lambda: st.text("0123456789abcdef", max_size=5),
        "choice": lambda: st.sampled_from([choice.value for choice in one.choices]),
        "integer": lambda: st.integers(
            int(one.minimum or 0), 10**12 if one.maximum is None else int(one.maximum)
        ),
        "number": lambda: st.floats(
            one.minimum,
            one.maximum,
            exclude_min=one.open_minimum,
            exclude_max=one.open_maximum,
            allow_nan=False,
            allow_infinity=False,
        ),
        "spec": lambda: instances(one.members[0]),
        "union": lambda: st.one_of(*map(instances, one.members)),
        "list": lambda: items_of(one),
    }
    legal: st.SearchStrategy[Any] = made[one.kind]()
    return st.none() | legal if one.optional else legal


def items_of(one: Setting) -> st.SearchStrategy[tuple[Any, ...]]:
    if not one.members:
        return st.just(())
    if one.members == (int,):
        item: st.SearchStrategy[Any] = st.integers(0, 99)
    elif one.members == (float,):
        item = st.floats(-99, 99)
    else:
        item = st.one_of(*map(instances, one.members))
    most = min(3, 3 if one.maximum_length is None else one.maximum_length)
    return st.lists(item, min_size=one.minimum_length, max_size=most).map(tuple)


def instances(cls: type) -> st.SearchStrategy[Any]:
    return st.builds(cls, **{one.name: values_of(one) for one in describe(cls)})


@pytest.mark.parametrize("cls", SPECS)
def test_every_spec_has_a_title_and_every_field_says_what_it_is(cls: type) -> None:
    assert title_of(cls)
    for one in describe(cls):
        assert one.title
        assert one.title != one.name
        if one.kind in {"integer", "number", "flag", "choice", "union"}:
            assert one.help, f"{cls.__name__}.{one.name} has no help"
        if one.kind == "integer":
            assert one.minimum is not None, f"{cls.__name__}.{one.name} has no bound"
        if one.kind == "number":
            assert one.minimum is not None or one.maximum is not None


@pytest.mark.parametrize("cls", SPECS)
def test_every_default_is_legal_and_described(cls: type) -> None:
    made = cls()
    assert [getattr(made, one.name) for one in describe(cls)] == [
        one.default for one in describe(cls)
    ]


@pytest.mark.parametrize("cls", SPECS)
@given(data=st.data())
def test_what_is_written_is_read_back_the_same(cls: type, data: st.DataObject) -> None:
    value = data.draw(instances(cls))
    again: object = from_json(cls, json.loads(json.dumps(to_json(value))))
    assert again == value
    assert hash(again) == hash(value)
    assert to_json(again) == to_json(value)


@pytest.mark.parametrize("cls", SPECS)
@given(data=st.data())
def test_a_value_of_a_strange_type_is_refused_at_its_own_path(
    cls: type, data: st.DataObject
) -> None:
    written = to_json(cls())
    names = [field.name for field in fields(cls)]
    if not names:
        return
    name = data.draw(st.sampled_from(names))
    setting = next((one for one in describe(cls) if one.name == name), None)
    # some numbers may be negative: nothing is strange about -1.5 there
    signed = setting is not None and setting.kind == "number" and (setting.minimum or 0) < 0
    # any text may be a name
    words = () if setting is not None and setting.kind == "text" else ("\x00",)
    strange = data.draw(st.sampled_from([{"?": 1}, [[]], *words, *(() if signed else (-1.5,))]))
    with pytest.raises(SpecError) as caught:
        from_json(cls, {**written, name: strange})
    assert {problem.path[0] for problem in caught.value.problems} == {name}
