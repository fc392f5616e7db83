"""nnstudio settings: every name that `--set` takes, with what stands there."""

import argparse
import json
from typing import Any

from nnstudio.cli.naming import describe_experiment, experiment_of
from nnstudio.cli.reply import DONE, tell
from nnstudio.cli.setting_names import Named, settings_of
from nnstudio.paths import named_by
from nnstudio.spec import kind_of, to_json
from nnstudio.texts import tr
from nnstudio.training.experiment import Experiment


def describe(listing: argparse.ArgumentParser) -> None:
    """Say what can be typed behind `settings`."""
    listing.set_defaults(command=run)
    describe_experiment(listing)


def run(asked: argparse.Namespace) -> int:
    """List the settings of an experiment, or of the one that has every default."""
    named = asked.experiment is not None or asked.set
    experiment = experiment_of(asked) if named else Experiment()
    listed = list(settings_of(experiment))
    result = {one.name: _value(one) for one in listed}
    width = max(len(_written(one)) for one in listed)
    lines = [f"{_written(one):{width}}  {_told(one)}".rstrip() for one in listed]
    tell(asked, result, lines)
    return DONE


def _value(one: Named) -> Any:
    if one.setting.kind == "union":
        return None if one.value is None else kind_of(type(one.value))
    union = named_by(one.setting)
    if union is not None:
        items = one.value
        if union is not one.setting:
            items = [getattr(item, union.name) for item in items]
        return [kind_of(type(item)) for item in items]
    return to_json(one.value) if one.setting.kind == "spec" else one.value


def _written(one: Named) -> str:
    value = _value(one)
    return f"{one.name}={value if isinstance(value, str) else json.dumps(value)}"


def _told(one: Named) -> str:
    setting = one.setting
    union = setting if setting.kind == "union" else named_by(setting)
    legal = [] if union is None else [kind_of(member) for member in union.members]
    legal = legal or [str(choice.value) for choice in setting.choices]
    title = tr(setting.title)
    return f"{title}: {' | '.join(legal)}" if legal else title
