"""The errors of Tickglass, each with two texts.

TickglassError
├── UsageError            the person asked for something that cannot be (exit status 2)
├── SettingsError         a settings file or value cannot be used
├── RecordingError        a recording cannot be read or written
├── FeedError             an exchange did not answer as it should
│   ├── Unreachable       no connection at all
│   ├── Refused           it answered, and said no (451, 429, 418, 403 …)
│   └── BadReply          it answered something unreadable
└── PortInUse             the simulator cannot listen there
"""


class TickglassError(Exception):
    """Something that can go wrong and is expected to, now and then.

    ``str(error)`` is the detail for the log; ``error.sentence`` is one sentence for the person
    that says what happens next.
    """

    def __init__(self, detail: str, sentence: str | None = None) -> None:
        super().__init__(detail)
        self.sentence = sentence or detail


class UsageError(TickglassError):
    """The person asked for something that does not exist or cannot be read."""


class SettingsError(TickglassError):
    """A settings file or one value in it cannot be used."""


class RecordingError(TickglassError):
    """A recording cannot be opened, read or written."""


class FeedError(TickglassError):
    """An exchange could not be reached or did not answer as it should."""


class Unreachable(FeedError):
    """There is no connection: no network, no such host, nobody listening."""


class Refused(FeedError):
    """The exchange answered and said no.

    ``status`` is the HTTP status or the websocket close code; ``retry_after`` the wait in
    seconds that it asked for, if any.
    """

    def __init__(
        self,
        detail: str,
        sentence: str | None = None,
        *,
        status: int = 0,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(detail, sentence)
        self.status = status
        self.retry_after = retry_after


class BadReply(FeedError):
    """The exchange answered something that is not what its documentation says."""


class PortInUse(TickglassError):
    """Another program listens on the port that the simulator was given."""
