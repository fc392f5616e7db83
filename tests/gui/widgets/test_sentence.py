from pytestqt.qtbot import QtBot

from nnstudio.gui.widgets.sentence import LINE_PX, Sentence

LONG = "Every sample is answered first; this goes on for a while, longer than one line or two."


def sentence_of(qtbot: QtBot, *, most: int | None, width: int = 160) -> Sentence:
    sentence = Sentence()
    qtbot.addWidget(sentence)
    sentence.set_most(most)
    sentence.resize(width, 40)
    sentence.say(LONG)
    return sentence


def test_a_sentence_without_room_ends_in_an_ellipsis_and_is_whole_in_its_tooltip(
    qtbot: QtBot,
) -> None:
    sentence = sentence_of(qtbot, most=2)
    assert len(sentence.lines) == 2
    assert sentence.lines[-1].endswith("…")
    assert sentence.toolTip() == LONG
    assert sentence.accessibleName() == LONG
    assert sentence.height() == 2 * LINE_PX + 2
    assert not sentence.grab().isNull()


def test_a_sentence_with_room_has_no_tooltip(qtbot: QtBot) -> None:
    sentence = sentence_of(qtbot, most=2, width=1200)
    assert sentence.lines == (LONG,)
    assert sentence.toolTip() == ""
    assert sentence.height() == LINE_PX + 2


def test_without_a_limit_all_lines_are_seen(qtbot: QtBot) -> None:
    sentence = sentence_of(qtbot, most=None)
    assert " ".join(sentence.lines) == LONG
    sentence.set_most(1)
    assert len(sentence.lines) == 1


def test_while_there_is_nothing_to_say_it_takes_no_room(qtbot: QtBot) -> None:
    sentence = sentence_of(qtbot, most=2)
    sentence.say("")
    assert sentence.isHidden()
