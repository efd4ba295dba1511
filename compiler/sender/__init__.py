"""Sends what the compiler makes, by Mailjet's Send API v3: the one part that talks to a network.

    from compiler.sender import MailjetSender

    with MailjetSender() as sender:  # the keys from MAILJET_API_KEY and MAILJET_SECRET_KEY
        result = sender.send({"from_email": "a@example.com", "to": ["b@example.com"], "subject": "s", "body": "b"})
        result.recipients  # [{"email": "b@example.com", "status": "sent", "message_id": "1152921530000001000", ...}]

`mailjet` compiles, posts and decodes; `settings` are its keys and URL, `transport` is one HTTP call, `deadline` ends
it, `retries` says when it is made again, `errors` what can go wrong, `results` what comes of it; `masking` and `dump`
are for eyes.
`emulator` is a service to develop and test against. A sender, not yet this package, needs the extra `sender`.
"""

from compiler.sender.errors import (
    Failure,
    MaybeSentError,
    NetworkError,
    NoRecipientAcceptedError,
    NotCompiledError,
    NothingSentError,
    RateLimitedError,
    RefusedError,
    Response,
    SenderError,
    ServiceError,
    ServiceFailedError,
    SettingsError,
    UnreadableAnswerError,
    WrongKeyError,
)
from compiler.sender.mailjet import MailjetSender
from compiler.sender.results import Receipt, Sending, SendResult
from compiler.sender.retries import Retries

__all__ = [
    "Failure",
    "MailjetSender",
    "MaybeSentError",
    "NetworkError",
    "NoRecipientAcceptedError",
    "NotCompiledError",
    "NothingSentError",
    "RateLimitedError",
    "Receipt",
    "RefusedError",
    "Response",
    "Retries",
    "SendResult",
    "SenderError",
    "Sending",
    "ServiceError",
    "ServiceFailedError",
    "SettingsError",
    "UnreadableAnswerError",
    "WrongKeyError",
]
