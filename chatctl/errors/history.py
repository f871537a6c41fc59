"""What was said: asking for it, taking it back, how far one has read."""

from __future__ import annotations

from chatctl.errors.base import Refused


class BadHistoryRequest(Refused):
    """A request for messages that means nothing; ``command`` is what was asked, ``word`` what is wrong with it."""

    code = "bad-history-request"

    def __init__(self, command: str, why: str, *word: str) -> None:
        super().__init__(why)
        self.about = (command, *word)


class NoSuchHistory(Refused):
    """A room or conversation whose messages one may not read."""

    code = "no-such-history"

    def __init__(self, command: str, target: str) -> None:
        super().__init__(f"you cannot read what was said in {target}; join the channel, or name whom you wrote with")
        self.about = (command, target)


class HistoryFailed(Refused):
    """Messages that the store failed to look up."""

    code = "history-failed"

    def __init__(self, command: str, target: str) -> None:
        super().__init__(f"what was said in {target} could not be looked up; try again in a moment")
        self.about = (command, target)


class BadSearch(Refused):
    """A search with something in it that cannot be searched for."""

    code = "bad-search"

    def __init__(self, attribute: str, why: str) -> None:
        super().__init__(why)
        self.about = (attribute,)


class SearchFailed(Refused):
    """A search that the store failed to do."""

    code = "search-failed"

    def __init__(self) -> None:
        super().__init__("the search could not be run; try again in a moment")


class CannotRedact(Refused):
    """A room or conversation in which one can take no message back."""

    code = "cannot-redact"

    def __init__(self, target: str) -> None:
        super().__init__(f"you cannot take messages back from {target}; join the channel, or name whom you wrote to")
        self.about = (target,)


class RedactForbidden(Refused):
    """A message of somebody else's."""

    code = "redact-forbidden"

    def __init__(self, target: str, message: str) -> None:
        super().__init__("only who sent it can take the message back, or an operator of the channel")
        self.about = (target, message)


class NoSuchMessage(Refused):
    """A message that is not kept, or not there."""

    code = "no-such-message"

    def __init__(self, target: str, message: str) -> None:
        super().__init__(f"{target} has no such message, or it is too old; check its number")
        self.about = (target, message)


class MarkerMissing(Refused):
    """A read marker without saying whose messages were read."""

    code = "marker-missing"

    def __init__(self) -> None:
        super().__init__("name the channel or the person whose messages you have read")


class BadMarker(Refused):
    """A read marker with a target or a time that is none; ``word`` is what is wrong."""

    code = "bad-marker"

    def __init__(self, word: str) -> None:
        super().__init__(f"{word} is no target or time; write MARKREAD #channel timestamp=2026-11-22T14:41:07.123Z")
        self.about = (word,)


class TooManyMarkers(Refused):
    """More read markers than anybody may have."""

    code = "too-many-markers"

    def __init__(self, target: str, limit: int) -> None:
        super().__init__(f"you have {limit} read markers, the most there can be; this one is not kept")
        self.about = (target,)
