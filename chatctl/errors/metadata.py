"""What people tell of themselves and of rooms."""

from __future__ import annotations

from chatctl.errors.base import Refused


class BadMetadataTarget(Refused):
    """Nobody and no room that has metadata, for the one who asks."""

    code = "bad-metadata-target"

    def __init__(self, target: str) -> None:
        super().__init__(f"{target} has no metadata for you; name somebody who is here, a room, or * for yourself")
        self.about = (target,)


class BadMetadataKey(Refused):
    """Something that no metadata key can be."""

    code = "bad-metadata-key"

    def __init__(self, key: str, limit: int) -> None:
        super().__init__(f"{key!r} cannot be a key; use up to {limit} of a-z, 0-9 and _./-")
        self.about = (key,)


class BadMetadataValue(Refused):
    """A value that is too long; sizes in bytes."""

    code = "bad-metadata-value"

    def __init__(self, key: str, size: int, limit: int) -> None:
        super().__init__(f"the value of {key} has {size} bytes; the limit is {limit}")
        self.about = (key,)


class BadSubcommand(Refused):
    """Something that METADATA cannot do."""

    code = "bad-subcommand"

    def __init__(self, name: str) -> None:
        super().__init__(f"METADATA has no {name}; it has GET, LIST, SET, CLEAR, SUB, UNSUB, SUBS and SYNC")
        self.about = (name,)


class MetadataForbidden(Refused):
    """Metadata that somebody may not see or set; ``key`` is ``*`` when it concerns them all."""

    code = "metadata-forbidden"

    def __init__(self, target: str, key: str) -> None:
        super().__init__(f"the metadata of {target} is not for you to see or set; ask an operator")
        self.about = (target, key)


class MetadataNotSet(Refused):
    """A key that is to be taken away and is not there."""

    code = "metadata-not-set"

    def __init__(self, target: str, key: str) -> None:
        super().__init__(f"{key} is not set on {target}, so it cannot be taken away")
        self.about = (target, key)


class MetadataFull(Refused):
    """One key more than somebody or a room may have."""

    code = "metadata-full"

    def __init__(self, target: str, limit: int) -> None:
        super().__init__(f"{target} has {limit} keys already; take one away first")
        self.about = (target,)


class TooManySubscriptions(Refused):
    """One key more than a session may subscribe to."""

    code = "too-many-subscriptions"

    def __init__(self, key: str, limit: int) -> None:
        super().__init__(f"you subscribe to {limit} keys already; unsubscribe from one first")
        self.about = (key,)
