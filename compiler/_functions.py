"""The functions that rules may call: a closed list, each pure, total and typed."""

from __future__ import annotations

from collections.abc import Mapping

from compiler._decoding_functions import DECODING_FUNCTIONS
from compiler._message_functions import MESSAGE_FUNCTIONS
from compiler.engine import Function

FUNCTIONS: Mapping[str, Function] = {**MESSAGE_FUNCTIONS, **DECODING_FUNCTIONS}
