"""The results of `MailjetSender.send` and `send_many`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from compiler.documents import RecipientStatus
from compiler.results import Diagnostic
from compiler.sender.errors import HttpResponse, SenderError


@dataclass(frozen=True, slots=True)
class SendResult:
    """The service accepted a message for at least one recipient.

    `recipients`: the status and ids of each, as from `compiler.decode_response`; `unexpected`: other recipients that
    the response lists. `warnings`: those of compiling the message and of decoding the response.
    """

    recipients: tuple[RecipientStatus, ...]
    unexpected: tuple[RecipientStatus, ...]
    message_ids: tuple[str, ...]
    warnings: tuple[Diagnostic, ...]
    response: HttpResponse = field(repr=False)

    @property
    def sent_to_all(self) -> bool:
        """Whether every recipient was accepted; the status of the others is unknown."""
        return all(recipient["status"] == "sent" for recipient in self.recipients)

    def to_dict(self) -> dict[str, Any]:
        """A JSON-ready dict."""
        return {
            "recipients": [dict(recipient) for recipient in self.recipients],
            "unexpected": [dict(recipient) for recipient in self.unexpected],
            "message_ids": list(self.message_ids),
            "warnings": [warning.to_dict() for warning in self.warnings],
            "status_code": self.response.status_code,
            "attempts": self.response.attempts,
        }


@dataclass(frozen=True, slots=True)
class Receipt:
    """The result or error of one call. `message`: what it sent, the complete message or one part of it."""

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
class BulkSendResult:
    """The result of one message of a stream.

    `index` counts from 0. `receipts`: one for each call, none if the message does not compile. `error`: the reason if
    no call was made.
    """

    index: int
    receipts: tuple[Receipt, ...] = ()
    error: SenderError | None = None

    @property
    def errors(self) -> tuple[SenderError, ...]:
        """The errors of all calls, or the reason that no call was made."""
        errors = (self.error, *(receipt.error for receipt in self.receipts))
        return tuple(error for error in errors if error is not None)

    @property
    def ok(self) -> bool:
        """Whether no call failed. Some recipients may still have the status "unknown"."""
        return not self.errors

    @property
    def recipients(self) -> tuple[RecipientStatus, ...]:
        """The status of each recipient of the successful calls."""
        return tuple(
            recipient
            for receipt in self.receipts
            if receipt.result is not None
            for recipient in receipt.result.recipients
        )

    def to_dict(self) -> dict[str, Any]:
        """A JSON-ready dict."""
        return {
            "index": self.index,
            "ok": self.ok,
            "receipts": [receipt.to_dict() for receipt in self.receipts],
            "error": None if self.error is None else self.error.to_dict(),
        }
