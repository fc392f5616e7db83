"""Colours that can be read, icons that exist, a theme that follows its choice."""

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QFont, QFontInfo, QIcon
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QStyle, QWidget
from pytestqt.qtbot import QtBot

from nnstudio.gui.main_window.settings_popup import SettingsPopup
from nnstudio.gui.theme import (
    DARK,
    LIGHT,
    Theme,
    application_icon,
    diverging_map,
    font,
    icon,
    kind_colours,
    palette,
    style_sheet,
    theme,
    themes,
)
from nnstudio.gui.widgets.panel_header import IconButton, PanelHeader
from nnstudio.places import resource_root
from nnstudio.texts import set_language

ICONS = sorted(Path(str(resource_root() / "icons")).glob("*.svg"))
TEXTS = ("text", "text2", "accent_text", "warning", "error", "ok", "score")
GROUNDS = ("chrome", "panel", "field", "hover", "accent_tint")


@pytest.fixture(autouse=True)
def _light_again(qapp: QApplication) -> Iterator[None]:
    yield
    themes.choose("light")


def luminance(colour: QColor) -> float:
    parts = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (colour.redF(), colour.greenF(), colour.blueF())
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: QColor, other: QColor) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("look", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("role", TEXTS)
def test_text_can_be_read_on_every_ground(look: Theme, ground: str, role: str) -> None:
    assert contrast(getattr(look, role), getattr(look, ground)) >= 4.5


@pytest.mark.parametrize("look", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["chrome", "panel", "field", "paper"])
def test_third_text_can_be_read_where_it_is_used(look: Theme, ground: str) -> None:
    assert contrast(look.text3, getattr(look, ground)) >= 4.5


@pytest.mark.parametrize("look", [LIGHT, DARK], ids=["light", "dark"])
def test_the_bright_button_can_be_read_hovered_or_not(look: Theme) -> None:
    assert contrast(look.on_accent, look.accent) >= 4.5
    assert contrast(look.on_accent, look.accent_hover) >= 4.5


@pytest.mark.parametrize("look", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["chrome", "panel", "field", "paper"])
def test_the_focus_frame_stands_out(look: Theme, ground: str) -> None:
    assert contrast(look.accent, getattr(look, ground)) >= 3


@pytest.mark.parametrize("look", [LIGHT, DARK], ids=["light", "dark"])
def test_curves_stand_out_from_the_panel(look: Theme) -> None:
    assert all(contrast(one, look.panel) >= 3 for one in (look.loss, look.score, look.gradient))


def test_choosing_a_theme_tells_once(qtbot: QtBot) -> None:
    themes.choose("light")
    with qtbot.waitSignal(themes.changed):
        themes.choose("dark")
    assert theme() is DARK
    with qtbot.assertNotEmitted(themes.changed):
        themes.choose("dark")


def test_the_map_is_zero_in_its_middle_and_symmetric(qapp: QApplication) -> None:
    colours = diverging_map(257)
    assert colours.shape == (257, 4)
    assert colours[128].tolist()[:3] == [LIGHT.zero.red(), LIGHT.zero.green(), LIGHT.zero.blue()]
    assert colours[0].tolist()[:3] == [LIGHT.minus.red(), LIGHT.minus.green(), LIGHT.minus.blue()]
    assert colours[-1].tolist()[:3] == [LIGHT.plus.red(), LIGHT.plus.green(), LIGHT.plus.blue()]


def test_both_ends_of_the_map_are_about_equally_far_from_zero() -> None:
    for look in (LIGHT, DARK):
        low, high = contrast(look.minus, look.zero), contrast(look.plus, look.zero)
        assert 0.6 < low / high < 1.7


def test_every_placeholder_of_the_style_sheet_is_filled(qapp: QApplication) -> None:
    for choice in ("light", "dark"):
        themes.choose(choice)
        sheet = style_sheet()
        assert "$" not in sheet
        for path in re.findall(r"url\((.+?)\)", sheet):
            assert Path(path).is_file()


def test_the_style_sheet_names_no_colour_itself() -> None:
    template = (resource_root() / "style.qss").read_text(encoding="utf-8")
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b|\brgb", template)


@pytest.mark.parametrize("path", ICONS, ids=lambda path: path.stem)
def test_every_icon_can_be_drawn(path: Path, qapp: QApplication) -> None:
    image = icon(path.stem).pixmap(16, 16).toImage()
    assert any(image.pixelColor(x, y).alpha() for x in range(16) for y in range(16))


@pytest.mark.parametrize(
    "path", [path for path in ICONS if path.stem != "nnstudio"], ids=lambda path: path.stem
)
def test_every_icon_takes_its_colour_from_the_theme(path: Path) -> None:
    drawing = path.read_text(encoding="utf-8")
    assert 'viewBox="0 0 16 16"' in drawing
    assert "currentColor" in drawing
    assert "#" not in drawing


def test_an_icon_is_sharp_on_a_dense_screen_and_pale_when_off(qapp: QApplication) -> None:
    made = icon("cross", "text")
    dense = made.pixmap(QSize(16, 16), 2.0)
    assert dense.width() == 32
    off = made.pixmap(16, 16, QIcon.Mode.Disabled).toImage()
    shades = {off.pixelColor(x, x).name() for x in range(16) if off.pixelColor(x, x).alpha() == 255}
    assert shades <= {LIGHT.disabled.name()}
    assert shades


def test_the_window_has_an_icon_in_every_size(qapp: QApplication) -> None:
    for side in (16, 32, 64, 256):
        assert application_icon().pixmap(side, side).width() == side


def test_figures_are_tabular_and_weights_real(qapp: QApplication) -> None:
    made = font(13, 600)
    assert made.pixelSize() == 13
    assert [tag.toString() for tag in made.featureTags()] == [b"tnum"]
    assert QFontInfo(made).weight() >= QFont.Weight.DemiBold


def test_chinese_is_regular_or_bold(qapp: QApplication) -> None:
    set_language("zh_CN")
    assert [font(13, weight).weight() for weight in (400, 500, 600)] == [400, 400, 700]


def test_a_dressed_application_changes_with_the_theme(qapp: QApplication) -> None:
    before = (qapp.styleSheet(), qapp.palette(), qapp.font())
    try:
        themes.dress(qapp)
        themes.choose("dark")
        assert qapp.palette().window().color() == DARK.panel
        assert DARK.accent.name() in qapp.styleSheet()
        themes.choose("light")
        assert qapp.palette().window().color() == LIGHT.panel
    finally:
        themes.undress()
        qapp.setStyleSheet(before[0])
        qapp.setPalette(before[1])
        qapp.setFont(before[2])


def test_a_theme_changes_without_the_widgets_that_are_gone(qapp: QApplication) -> None:
    header = PanelHeader("Loss")
    header.add(IconButton("dots", "More"))
    shiboken6.delete(header)
    themes.choose("dark")
    assert theme() is DARK


def test_the_palette_tells_disabled_text(qapp: QApplication) -> None:
    now = palette()
    assert now.color(now.ColorGroup.Disabled, now.ColorRole.Text) == LIGHT.disabled


def test_both_themes_name_every_meaning() -> None:
    for look in (LIGHT, DARK):
        colours = [getattr(look, item.name) for item in fields(look) if item.name != "dark"]
        assert all(colour.isValid() for colour in colours)


@pytest.mark.parametrize("choice", ["light", "dark"])
def test_the_sheet_of_settings_has_an_edge(choice: Any, qtbot: QtBot) -> None:
    themes.choose(choice)
    window = QWidget()
    qtbot.addWidget(window)
    sheet = SettingsPopup(window)
    sheet.setStyleSheet(style_sheet())
    drawn = sheet.grab().toImage()
    edge = drawn.pixelColor(drawn.width() // 2, drawn.height() - 1)
    assert contrast(edge, theme().panel) > 1.8


def test_buttons_of_dialogs_carry_no_icons_of_the_system(qtbot: QtBot) -> None:
    buttons = QDialogButtonBox()
    qtbot.addWidget(buttons)
    # as some desktops ask for
    wish = "QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 1; }"
    buttons.setStyleSheet(wish + style_sheet())
    hint = QStyle.StyleHint.SH_DialogButtonBox_ButtonsHaveIcons
    assert not buttons.style().styleHint(hint, None, buttons)


@pytest.mark.parametrize("choice", ["light", "dark"])
def test_fourteen_kinds_have_colours_of_their_own(choice: Any) -> None:
    themes.choose(choice)
    colours = [colour.name() for colour in kind_colours(14)]
    assert len(set(colours)) == 14
    assert colours[:7] == [colour.name() for colour in kind_colours(7)]
    themes.choose("light")
