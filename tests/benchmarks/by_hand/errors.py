"""The two ways in which the functions written by hand give up; and nothing else."""


class RefusedError(ValueError):
    """The message is not one that can be sent."""


class NotCoveredError(Exception):
    """The message may be right, but holds what these functions do not know."""
