"""What a rehearsal found, as a sentence of the form."""

from __future__ import annotations

from ...alerts.rehearsal import Rehearsal
from ...alerts.wording import duration_text
from ...language import tr, trn
from ...market.interval import DAY, MINUTE
from .texts import AlertTexts

IN_DAYS = 2 * DAY  # ms; less is said in hours and minutes


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
    if length >= IN_DAYS:
        return trn("{count} day", "{count} days", round(length / DAY))
    return duration_text(max(MINUTE, length - length % MINUTE) // 1_000)
