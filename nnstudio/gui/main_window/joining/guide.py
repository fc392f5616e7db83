"""The guide: opened with its case; a lesson is one undoable change and a run beside the last."""

from nnstudio.errors import NnstudioError
from nnstudio.gui.main_window.docks import Docks
from nnstudio.gui.main_window.joining.hub import Hub, Joint
from nnstudio.gui.views.guide import GuideView
from nnstudio.gui.workbench import Workbench
from nnstudio.gui.workbench.hunt import HuntState
from nnstudio.gui.workbench.notices import notice_of
from nnstudio.gui.workbench.openings import case, guide_of
from nnstudio.gui.workbench.standings import Standing
from nnstudio.runs.ablations import Ablation, load_ablation
from nnstudio.runs.cases import case_of
from nnstudio.runs.guides import Comparison, Guide, Lesson
from nnstudio.texts import tr
from nnstudio.training.experiment import Experiment

TOPIC = "guide"


class GuideJoint(Joint):
    """Joins the panel of the guide."""

    def __init__(self, view: GuideView, workbench: Workbench, docks: Docks, parent: Hub) -> None:
        super().__init__(workbench, docks, parent)
        self._view = view
        view.show_titles({dock.view.name: tr(dock.view.title) for dock in docks})
        view.look_wished.connect(docks.bring)
        view.lesson_wished.connect(self._try)
        view.comparison_wished.connect(self._compare)
        view.exporter.failed.connect(self._tell_not_written)
        parent.case_opened.connect(self._open)
        self._subject = workbench.subject
        workbench.experiment_changed.connect(self._follow)
        workbench.race_changed.connect(self._tell_standing)
        view.hunt_wished.connect(workbench.hunt.begin)
        view.guess_wished.connect(workbench.hunt.guess)
        view.switch_wished.connect(workbench.hunt.show_switch)
        view.hunt_ended.connect(workbench.hunt.close)
        workbench.hunt_changed.connect(self._show_hunt)
        if workbench.case:
            self._show(workbench.case)
        self._tell_standing(workbench.races.standing)
        if workbench.hunt.state.offered:
            self._show_hunt(workbench.hunt.state)

    def _open(self, key: str) -> None:
        name = case_of(key)
        if name is None:
            self._view.show_guide(None, None)
        elif self._show(name):
            self.docks.bring(GuideView.name)

    def _follow(self, _experiment: Experiment) -> None:
        """Open the guide of the case that is set, when undoing has led to another experiment."""
        subject, before = self.workbench.subject, self._subject
        self._subject = subject
        if subject.case != before.case:
            if not subject.case:
                self._view.show_guide(None, None)
            else:
                self._show(subject.case)

    def _show(self, name: str) -> bool:
        try:
            self._view.show_guide(guide_of(name), _ablation_of(name))
        except NnstudioError as error:
            self.workbench.tell(notice_of(error, topic=TOPIC))
            return False
        return True

    def _try(self, lesson: Lesson) -> None:
        bench, guide = self.workbench, self._view.guide
        experiment = self._loaded(lesson.case)
        if guide is None or experiment is None:
            return
        if bench.running == experiment:
            return
        if experiment != bench.experiment and self._comes_from(guide):
            bench.races.race(experiment, decides=False)
        else:
            if experiment != bench.experiment:
                bench.open_experiment(experiment)
            bench.control.begin_anew(shown_off=True)

    def _comes_from(self, guide: Guide) -> bool:
        """Whether the run so far is one of this case, so that the next one is drawn beside it."""
        run = self.workbench.driven
        if run is None or run.recipe is None:
            return False
        steps = {guide.name, *(lesson.case for lesson in guide.lessons)}
        return any(self._loaded(name) == run.recipe.latest for name in steps)

    def _compare(self, comparison: Comparison) -> None:
        named = [(str(one.name), self._loaded(one.case)) for one in comparison.runs]
        known = [(name, experiment) for name, experiment in named if experiment is not None]
        if len(known) == len(named):
            first = known[0][1]
            if first.data != self.workbench.experiment.data:
                # what draws the data draws those that the runs learn
                self.workbench.open_experiment(first)
            self.docks.bring("loss")
            self.workbench.races.compare(str(comparison.title), known)

    def _loaded(self, name: str) -> Experiment | None:
        try:
            return case(name)
        except NnstudioError as error:
            self.workbench.tell(notice_of(error, topic=TOPIC))
            return None

    def _tell_standing(self, standing: Standing | None) -> None:
        over = standing is not None and standing.over
        self._view.show_standing("" if standing is None else str(standing.told), over=over)

    def _show_hunt(self, state: HuntState) -> None:
        self._view.show_hunt(
            state.offered, guess=state.guess, answer=state.answer, tried=state.tried
        )
        if state.offered:
            self.docks.bring(GuideView.name)


def _ablation_of(name: str) -> Ablation | None:
    try:
        return load_ablation(name)
    except KeyError:
        return None
