"""What a rehearsal found, as a sentence of the form."""

from __future__ import annotations

from ...alerts.rehearsal import Rehearsal
from ...alerts.wording import duration_text
from ...language import tr, trn
from ...market.interval import DAY, HOUR, MINUTE, SECOND
from .texts import AlertTexts

IN_DAYS, IN_HOURS = 2 * DAY, 2 * HOUR  # ms; less is said in minutes


def rehearsal_text(rehearsal: Rehearsal, texts: AlertTexts, *, several: bool) -> str:
    """How often an alert would have fired, of ``several`` pairs also on which it was tried."""
    if rehearsal.reason:
        return tr("Cannot be tried: {reason}", reason=rehearsal.reason)
    sentence = _how_often(rehearsal, texts)
    if not several or rehearsal.instrument is None:
        return sentence
    where = tr("Tried on {where}.", where=texts.where(rehearsal.instrument))
    return f"{sentence} {where}"


def _how_often(rehearsal: Rehearsal, texts: AlertTexts) -> str:
    span = _span(rehearsal.until - rehearsal.since)
    if not rehearsal.count:
        return tr("Would not have fired in the last {time}.", time=span)
    last = texts.moment(rehearsal.moments[-1][0])
    return trn(
        "Would have fired {count} time in the last {time}, last at {last}.",
        "Would have fired {count} times in the last {time}, last at {last}.",
        rehearsal.count, time=span, last=last,
    )  # fmt: skip


def _span(length: int) -> str:
    """So many days, hours or minutes, whole ones."""
    if length >= IN_DAYS:
        return trn("{count} day", "{count} days", round(length / DAY))
    unit = HOUR if length >= IN_HOURS else MINUTE
    return duration_text(max(1, round(length / unit)) * unit // SECOND)
