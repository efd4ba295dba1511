"""The exceptions of the hand-written functions."""


class RefusedError(ValueError):
    """The message cannot be sent."""


class NotCoveredError(Exception):
    """The message may be valid, but contains something that these functions do not support."""
