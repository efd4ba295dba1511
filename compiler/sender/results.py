"""What became of messages: of one call, and of each message of a stream."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from compiler.documents import RecipientStatus
from compiler.results import Diagnostic
from compiler.sender.errors import Response, SenderError


@dataclass(frozen=True, slots=True)
class SendResult:
    """The service has taken a message for at least one recipient.

    `recipients`: the status of each, with ids, as `compiler.decode_response` gives them; `unexpected`: whom the answer
    lists beside them. `warnings`: of compiling the message, and of reading the answer. `response`: the answer as it
    came.
    """

    recipients: tuple[RecipientStatus, ...]
    unexpected: tuple[RecipientStatus, ...]
    message_ids: tuple[str, ...]
    warnings: tuple[Diagnostic, ...]
    response: Response = field(repr=False)

    @property
    def sent_to_all(self) -> bool:
        """Whether every recipient was accepted; of others nothing is known."""
        return all(each["status"] == "sent" for each in self.recipients)

    def to_dict(self) -> dict[str, Any]:
        """A JSON-ready dict."""
        return {
            "recipients": [dict(each) for each in self.recipients],
            "unexpected": [dict(each) for each in self.unexpected],
            "message_ids": list(self.message_ids),
            "warnings": [each.to_dict() for each in self.warnings],
            "status_code": self.response.status_code,
            "attempts": self.response.attempts,
        }


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one call: a result or an error. `message`: what was sent with it, the whole message or a part."""

    message: Mapping[str, Any] = field(repr=False)
    result: SendResult | None
    error: SenderError | None

    def to_dict(self) -> dict[str, Any]:
        """A JSON-ready dict."""
        return {
            "result": None if self.result is None else self.result.to_dict(),
            "error": None if self.error is None else self.error.to_dict(),
        }


@dataclass(frozen=True, slots=True)
class Sending:
    """What became of one message of a stream.

    `index` counts from 0. `receipts`: one for each call, none where the message does not compile. `error`: why there
    was no call.
    """

    index: int
    receipts: tuple[Receipt, ...] = ()
    error: SenderError | None = None

    @property
    def errors(self) -> tuple[SenderError, ...]:
        """All that went wrong."""
        own = () if self.error is None else (self.error,)
        return (*own, *(each.error for each in self.receipts if each.error is not None))

    @property
    def ok(self) -> bool:
        """Whether no call failed. A recipient that an answer leaves out may still be there."""
        return not self.errors

    @property
    def recipients(self) -> tuple[RecipientStatus, ...]:
        """The status of each recipient of the calls that did not fail."""
        return tuple(one for each in self.receipts if each.result is not None for one in each.result.recipients)

    def to_dict(self) -> dict[str, Any]:
        """A JSON-ready dict."""
        return {
            "index": self.index,
            "ok": self.ok,
            "receipts": [each.to_dict() for each in self.receipts],
            "error": None if self.error is None else self.error.to_dict(),
        }
