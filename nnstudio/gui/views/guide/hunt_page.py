"""The hunt: a mistake is hidden; a person guesses, and is told what it was and where it shows."""

from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from nnstudio.faults import FAULTS, Mistake
from nnstudio.gui.views.guide.question_box import QuestionBox
from nnstudio.gui.widgets.cards import Coloured, Sign, Words
from nnstudio.gui.widgets.flow import Flow, GivingButton
from nnstudio.gui.widgets.page import Page
from nnstudio.spec import help_of, kind_of, title_of
from nnstudio.texts import tr

MISTAKES: Final[dict[str, type[Mistake]]] = {kind_of(one): one for one in FAULTS}


class HuntPage(Page):
    """The user picks one of some mistakes; it knows what is offered and what was told."""

    guess_wished = Signal(str)
    again_wished = Signal()
    switch_wished = Signal()
    close_wished = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._offered: tuple[str, ...] = ()
        self._picked = ""
        self._title, self._words = Words(weight=600), Words(role="second")
        self.question = QuestionBox()
        self.question.picked.connect(self._pick)
        self.reason = Words(role="second", px=12)
        self.guess_button = GivingButton(tr("That is it"))
        self.guess_button.clicked.connect(lambda: self.guess_wished.emit(self._picked))
        self.give_up_button = GivingButton(tr("Tell me"), role="link")
        self.give_up_button.set_tip(tr("Give up, and be told which one it is."))
        self.give_up_button.clicked.connect(lambda: self.guess_wished.emit(""))
        self._sign, self._verdict = Sign("info", "text2"), Coloured(colour="text2", px=13)
        self._told, self._help = Words(weight=600), Words()
        self._wrong, self._right = Words(role="second"), Words(role="second")
        self.again_button = GivingButton(tr("Hide another"))
        self.switch_button = GivingButton(tr("Switch it on"), role="link")
        self.switch_button.set_tip(
            tr("Turns this mistake on among the classic mistakes, so that the doctor can show it.")
        )
        self.close_button = GivingButton(tr("Close"), role="link")
        self.again_button.clicked.connect(self.again_wished)
        self.switch_button.clicked.connect(self.switch_wished)
        self.close_button.clicked.connect(self.close_wished)
        self._lay_out()

    def _lay_out(self) -> None:
        for widget in (self._title, self._words, self.question, self.reason):
            self.column.addWidget(widget)
        self._guessing = _line(self.guess_button, self.give_up_button)
        self.column.addWidget(self._guessing)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._sign)
        head.addWidget(self._verdict, 1)
        self.column.addLayout(head)
        for widget in (self._told, self._help, self._wrong, self._right):
            self.column.addWidget(widget)
        self._after = _line(self.again_button, self.switch_button, self.close_button)
        self.column.addWidget(self._after)
        self.column.addStretch(1)

    @property
    def told(self) -> str:
        """What was told of the mistake; empty while it is hidden."""
        return self._verdict.text()

    def show_hunt(
        self, offered: tuple[str, ...], *, guess: str, answer: str, tried: tuple[str, ...] = ()
    ) -> None:
        """Show what can be guessed, what was `tried` and is not it, and with an `answer` which."""
        if offered != self._offered or not answer:
            self._offered, self._picked = offered, ""
            titles = [tr(title_of(MISTAKES[kind])) for kind in offered]
            self.question.ask(tr("Which one is it?"), titles)
            self.question.say(lambda at: tr(help_of(MISTAKES[offered[at]])))
        known = [*offered, "", guess]
        self.question.show_picked(
            known.index(guess) if guess in offered else None,
            right=offered.index(answer) if answer in offered else None,
        )
        for kind in tried:
            if kind in offered and kind != guess:
                self.question.strike(offered.index(kind))
        self._title.say(tr("Find the fault"))
        self._words.say(
            tr(
                "A classic mistake is hidden in this run. Train, look at curves, weights, "
                "gradients and confusion, then say which one it is; what an answer would do is "
                "told when you pick it. The doctor is silent until then."
            )
            if not answer
            else ""
        )
        if answer:
            self._picked = ""
        self._guessing.setVisible(not answer)
        self._after.setVisible(bool(answer))
        self._follow()
        self._tell(guess, answer, again=bool(tried))
        if not answer:
            QTimer.singleShot(0, self, self._take_focus)

    def _take_focus(self) -> None:
        """Let keys go to the answers: behind them stands a button that gives the riddle away."""
        focused = QApplication.focusWidget()
        if focused is None or self.isAncestorOf(focused):
            self.question.take_focus()

    def _tell(self, guess: str, answer: str, *, again: bool) -> None:
        self._sign.setVisible(bool(answer) or again)
        if not answer:
            for words in (self._verdict, self._told, self._help, self._wrong, self._right):
                words.say("")
            if again:
                self._sign.show_sign("info", "warning")
                self._verdict.set_colour("warning")
                self._verdict.say(tr("It is another one. Look again: you have a second try."))
                self.show_part(self._verdict, self._verdict)
            return
        mistake, found = MISTAKES[answer], guess == answer
        self._sign.show_sign("check-circle" if found else "info", "ok" if found else "warning")
        self._verdict.set_colour("ok" if found else "warning")
        verdict = tr("It is another one.") if guess else tr("This is what was hidden.")
        self._verdict.say(tr("Found!") if found else verdict)
        self._told.say(tr("{mistake}.", mistake=mistake.told))
        self._help.say(tr(help_of(mistake)))
        self._wrong.say(tr("As it was: {formula}", formula=mistake.formula_wrong))
        self._right.say(tr("As it should be: {formula}", formula=mistake.formula_right))
        self.show_part(self._verdict, self._after)

    def _pick(self, at: int) -> None:
        self._picked = self._offered[at]
        self._follow()

    def _follow(self) -> None:
        self.reason.say(tr(help_of(MISTAKES[self._picked])) if self._picked else "")
        self.guess_button.setEnabled(bool(self._picked))
        self.guess_button.set_tip("" if self._picked else tr("Pick one first."))


def _line(*buttons: QWidget) -> QWidget:
    line = QWidget()
    flow = Flow()
    line.setLayout(flow)
    for button in buttons:
        flow.addWidget(button)
    return line
