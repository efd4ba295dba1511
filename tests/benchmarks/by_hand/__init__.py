"""What one would write without this project: plain functions for one service, made to be fast.

They check what the compiler checks and give what it gives, so that the comparison is an honest one: `message_by_hand`
the payload of a message and the codes of its warnings, `split_by_hand` its parts, `events_by_hand` the events of a
webhook's call. What they do not do is what the compiler is for besides: they stop at the first error and do not say
which it is or where, and they take what `json.loads` gives and nothing else. Nothing of the compiler is used here.

Not covered, and refused as `NotCoveredError`: options, `esp_extra` and `merge_metadata`, encoded words that are given
in a name, file types beyond a few.
"""

from tests.benchmarks.by_hand.errors import NotCoveredError, RefusedError
from tests.benchmarks.by_hand.events import events_by_hand
from tests.benchmarks.by_hand.message import message_by_hand
from tests.benchmarks.by_hand.parts import split_by_hand

__all__ = ["NotCoveredError", "RefusedError", "events_by_hand", "message_by_hand", "split_by_hand"]
