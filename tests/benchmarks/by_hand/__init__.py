"""Hand-written functions for one service, made to be fast: what one would write without this project.

They check what the compiler checks and return what it returns, so that the comparison is fair: `message_by_hand` gives
the payload of a message and the codes of its warnings, `split_by_hand` its parts, `events_by_hand` the events of a
webhook call. Unlike the compiler, they stop at the first error without saying what or where it is, and accept only
values that `json.loads` returns. They do not use the compiler; `test_by_hand` keeps them consistent with it.

Not covered, and raised as `NotCoveredError`: options, `esp_extra` and `merge_metadata`, encoded words in names, and
all but a few file types.
"""

from tests.benchmarks.by_hand.errors import NotCoveredError, RefusedError
from tests.benchmarks.by_hand.events import events_by_hand
from tests.benchmarks.by_hand.message import message_by_hand
from tests.benchmarks.by_hand.parts import split_by_hand

__all__ = ["NotCoveredError", "RefusedError", "events_by_hand", "message_by_hand", "split_by_hand"]
