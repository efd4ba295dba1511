"""Sends compiled messages by Mailjet's Send API, v3 or v3.1. The only package that uses a network.

    from compiler.sender import MailjetSender

    with MailjetSender() as sender:  # the keys from MAILJET_API_KEY and MAILJET_SECRET_KEY
        result = sender.send({"from_email": "a@example.com", "to": ["b@example.com"], "subject": "s", "body": "b"})
        result.recipients  # [{"email": "b@example.com", "status": "sent", "message_id": "1152921530000001000", ...}]

`mailjet` compiles, sends and decodes. `settings` reads keys and URL; `transport` makes HTTP calls, with the limits of
`deadline` and the policy of `retries`; `errors` and `results` are what a caller gets; `masking` and `http_dump` are for
logs. `emulator` is a local Send API to develop and test against. To create a sender, install the extra `sender`;
importing this package does not need it.
"""

from compiler.sender.errors import (
    AuthenticationError,
    Failure,
    HttpResponse,
    InvalidResponseError,
    MaybeSentError,
    NetworkError,
    NoRecipientAcceptedError,
    NotCompiledError,
    NotSentError,
    RateLimitedError,
    RejectedError,
    SenderError,
    ServerError,
    ServiceError,
    SettingsError,
)
from compiler.sender.mailjet import MailjetSender
from compiler.sender.results import BulkSendResult, Receipt, SendResult
from compiler.sender.retries import Retries

__all__ = [
    "AuthenticationError",
    "BulkSendResult",
    "Failure",
    "HttpResponse",
    "InvalidResponseError",
    "MailjetSender",
    "MaybeSentError",
    "NetworkError",
    "NoRecipientAcceptedError",
    "NotCompiledError",
    "NotSentError",
    "RateLimitedError",
    "Receipt",
    "RejectedError",
    "Retries",
    "SendResult",
    "SenderError",
    "ServerError",
    "ServiceError",
    "SettingsError",
]
