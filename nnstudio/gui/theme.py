"""How the window looks: colours and fonts by meaning, icons; no colour is named elsewhere."""

from dataclasses import dataclass, fields
from functools import cache
from string import Template
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, QTemporaryDir, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QGuiApplication,
    QIcon,
    QPalette,
)
from PySide6.QtWidgets import QApplication

from nnstudio.places import resource_root
from nnstudio.texts import language

Choice = Literal["system", "light", "dark"]


@dataclass(frozen=True)
class Theme:
    """Every colour by what it means; `dark` tells which of the two it is."""

    dark: bool
    chrome: QColor
    panel: QColor
    field: QColor
    hover: QColor
    border: QColor
    line: QColor
    text: QColor
    text2: QColor
    text3: QColor
    disabled: QColor
    grid: QColor
    accent: QColor
    accent_hover: QColor
    accent_text: QColor
    accent_tint: QColor
    on_accent: QColor
    loss: QColor
    score: QColor
    gradient: QColor
    warning: QColor
    error: QColor
    ok: QColor
    earlier: QColor
    paper: QColor
    ink: QColor
    minus: QColor
    zero: QColor
    plus: QColor


def _theme(*, dark: bool, **colours: str) -> Theme:
    return Theme(dark=dark, **{name: QColor(f"#{value}") for name, value in colours.items()})


LIGHT: Final = _theme(
    dark=False,
    chrome="F4F5F7",
    panel="FFFFFF",
    field="F7F8FA",
    hover="EEF0F3",
    border="DCE0E6",
    line="E7E9ED",
    text="1A1D23",
    text2="4F5765",
    text3="69717F",
    disabled="A9B0BB",
    grid="ECEEF1",
    accent="4F55D2",
    accent_hover="4349BE",
    accent_text="4F55D2",
    accent_tint="EDEEFC",
    on_accent="FFFFFF",
    loss="C4500A",
    score="0069A8",
    gradient="00805C",
    warning="8A5A00",
    error="B8283C",
    ok="0A7A55",
    earlier="8E96A3",
    paper="FFFFFF",
    ink="1A1D23",
    minus="7B3294",
    zero="F8F8F8",
    plus="1B7837",
)

DARK: Final = _theme(
    dark=True,
    chrome="121316",
    panel="191B1F",
    field="212429",
    hover="2A2D33",
    border="33373E",
    line="272A30",
    text="E8EAED",
    text2="A9AFBA",
    text3="8B929E",
    disabled="555B66",
    grid="25282D",
    accent="5F65E3",
    accent_hover="5258D4",
    accent_text="A0A4FB",
    accent_tint="292B47",
    on_accent="FFFFFF",
    loss="F08A4B",
    score="56B4E9",
    gradient="3CC39A",
    warning="EBB64B",
    error="F0728A",
    ok="4CC79A",
    earlier="7C838F",
    paper="121316",
    ink="F2F4F7",
    minus="C99BEA",
    zero="16181B",
    plus="7ED39A",
)

# Okabe and Ito 2008: told apart by colour-blind people; yellow, faint on white, comes late.
_KINDS: Final = ("0072B2", "E69F00", "009E73", "CC79A7", "56B4E9", "D55E00", "B8A800")

# Fonts with Chinese glyphs by platform; only installed ones are asked for.
_CHINESE: Final = (
    "PingFang SC",
    "Microsoft YaHei UI",
    "Microsoft YaHei",
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "WenQuanYi Micro Hei",
)


class Themes(QObject):
    """The theme in use: the system's or the chosen one; tells when it changes."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._choice: Choice = "system"
        self._dressed: QApplication | None = None
        self._current = LIGHT

    @property
    def current(self) -> Theme:
        """The theme in use."""
        return self._current

    def choose(self, choice: Choice) -> None:
        """Follow the system, or stay light or dark."""
        self._choice = choice
        self._settle()

    def dress(self, application: QApplication) -> None:
        """Give `application` style, palette, font and style sheet, now and at every change."""
        self._dressed = application
        application.setStyle("Fusion")
        application.styleHints().colorSchemeChanged.connect(self._settle)
        self._current = self._wanted()
        self._put_on()

    def undress(self) -> None:
        """Leave the application as it is from now on."""
        if self._dressed is not None:
            self._dressed.styleHints().colorSchemeChanged.disconnect(self._settle)
            self._dressed = None

    def refresh(self) -> None:
        """Put the style on again, as when the language and with it the font has changed."""
        self._put_on()
        self.changed.emit()

    def _wanted(self) -> Theme:
        if self._choice != "system":
            return DARK if self._choice == "dark" else LIGHT
        system = QGuiApplication.styleHints().colorScheme()
        return DARK if system == Qt.ColorScheme.Dark else LIGHT

    def _settle(self) -> None:
        wanted = self._wanted()
        if wanted is not self._current:
            self._current = wanted
            self._put_on()
            self.changed.emit()

    def _put_on(self) -> None:
        if self._dressed is not None:
            self._dressed.setPalette(palette())
            self._dressed.setFont(font())
            self._dressed.setStyleSheet(style_sheet())


themes: Final = Themes()


def theme() -> Theme:
    """Give the theme in use."""
    return themes.current


@cache
def _families(system: str) -> tuple[str, ...]:
    wanted = ("Inter", "Inter Variable", system, *_CHINESE)
    return tuple(name for name in wanted if name == system or QFontDatabase.hasFamily(name))


def font(px: int = 13, weight: int = 400) -> QFont:
    """Give the font of the window in `px` pixels; Chinese knows only the weights 400 and 700."""
    system = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()
    made = QFont()
    made.setFamilies(list(_families(system)))
    made.setPixelSize(px)
    if language() == "zh_CN":
        weight = 700 if weight >= 600 else 400
    made.setWeight(QFont.Weight(weight))
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


@cache
def _tinted_folder() -> QTemporaryDir:
    return QTemporaryDir()


@cache
def tinted(name: str, colour: str) -> str:
    """Give the path of icon `name` drawn in `colour`; as a file, style sheets can name it too."""
    drawing = (resource_root() / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    path = _tinted_folder().filePath(f"{name}-{colour.removeprefix('#')}.svg")
    with open(path, "w", encoding="utf-8") as file:  # noqa: PTH123 (Qt gave the path as a string)
        file.write(drawing.replace("currentColor", colour))
    return path


def icon(name: str, role: str = "text2") -> QIcon:
    """Give icon `name` in the colour of `role`, sharp at any pixel ratio, pale when disabled."""
    colour: QColor = getattr(theme(), role)
    made = QIcon()
    made.addFile(tinted(name, colour.name()))
    made.addFile(tinted(name, theme().disabled.name()), mode=QIcon.Mode.Disabled)
    return made


def application_icon() -> QIcon:
    """Give the icon of window and taskbar."""
    made = QIcon()
    made.addFile(tinted("nnstudio", "#FFFFFF"))
    return made


def kind_colours(count: int) -> tuple[QColor, ...]:
    """Give a colour for each of `count` kinds of things, such as classes; many repeat paler."""
    made = []
    for at in range(count):
        turn, place = divmod(at, len(_KINDS))
        colour = QColor(f"#{_KINDS[place]}")
        # dark grounds want lighter colours, and so do second turns on light ones darker
        percent = 100 + 35 * turn + (15 if theme().dark else 0)
        made.append(colour.lighter(percent) if theme().dark else colour.darker(percent))
    return tuple(made)


def mixed(colour: QColor, ground: QColor, share: float) -> QColor:
    """Give `share` of a colour over a ground, as one colour that covers."""
    inks = (
        (colour.redF(), ground.redF()),
        (colour.greenF(), ground.greenF()),
        (colour.blueF(), ground.blueF()),
    )
    return QColor.fromRgbF(*(share * over + (1 - share) * under for over, under in inks))


def diverging_map(count: int = 256) -> NDArray[np.uint8]:
    """Give `count` colours (count, 4), RGBA, from the minus colour over zero to the plus colour."""
    ends = [
        np.array([colour.red(), colour.green(), colour.blue()], dtype=np.float64)
        for colour in (theme().minus, theme().zero, theme().plus)
    ]
    place = np.linspace(-1.0, 1.0, count)[:, None]
    mixed = np.where(
        place < 0,
        ends[1] + (ends[0] - ends[1]) * -place,
        ends[1] + (ends[2] - ends[1]) * place,
    )
    alpha = np.full((count, 1), 255.0)
    return np.ascontiguousarray(np.rint(np.hstack([mixed, alpha])), dtype=np.uint8)


def palette() -> QPalette:
    """Give Qt's palette of the theme, for what the style sheet does not reach."""
    now = theme()
    made = QPalette()
    role = QPalette.ColorRole
    for meaning, colour in (
        (role.Window, now.panel),
        (role.WindowText, now.text),
        (role.Base, now.field),
        (role.AlternateBase, now.hover),
        (role.Text, now.text),
        (role.PlaceholderText, now.text3),
        (role.Button, now.field),
        (role.ButtonText, now.text),
        (role.BrightText, now.error),
        (role.Highlight, now.accent),
        (role.HighlightedText, now.on_accent),
        (role.Accent, now.accent),
        (role.Link, now.accent_text),
        (role.LinkVisited, now.accent_text),
        (role.ToolTipBase, now.panel),
        (role.ToolTipText, now.text),
        (role.Light, now.hover),
        (role.Midlight, now.line),
        (role.Mid, now.border),
        (role.Dark, now.border),
        (role.Shadow, now.line),
    ):
        made.setColor(meaning, colour)
    for meaning in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, meaning, now.disabled)
    return made


def style_sheet() -> str:
    """Give the style sheet of the application; `resources/style.qss` with the colours put in."""
    now = theme()
    values = {
        item.name: getattr(now, item.name).name() for item in fields(Theme) if item.name != "dark"
    }
    images = {
        "chevron": tinted("chevron-down", now.text2.name()),
        "chevron_disabled": tinted("chevron-down", now.disabled.name()),
        "chevron_right": tinted("chevron-right", now.text2.name()),
        "chevron_up": tinted("chevron-up", now.text2.name()),
        "check": tinted("check", now.text.name()),
        "check_on_accent": tinted("check", now.on_accent.name()),
        "check_disabled": tinted("check", now.disabled.name()),
        "question_icon": tinted("help", now.accent_text.name()),
        "information_icon": tinted("info", now.accent_text.name()),
        "warning_icon": tinted("warning", now.warning.name()),
        "error_icon": tinted("error", now.error.name()),
    }
    template = (resource_root() / "style.qss").read_text(encoding="utf-8")
    return Template(template).substitute(values, **images)
