"""What the doctor claims where a view shows the evidence: the worst cause that is open."""

from nnstudio.doctor.diagnosis import Severity, Shows
from nnstudio.runs.run import RunView


def claim_of(run: RunView | None, shows: Shows) -> str:
    """Give the claim of the first finding whose evidence is shown here; empty without one.

    Findings stand in the order of causes; notes and what another finding explains are left out.
    """
    diagnosis = None if run is None else run.diagnosis
    if diagnosis is None:
        return ""
    for finding in diagnosis.findings:
        open_cause = not finding.explained_by and finding.severity > Severity.NOTE
        if open_cause and finding.shows is shows:
            return str(finding.claim)
    return ""
