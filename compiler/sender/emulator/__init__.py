"""An emulator of Mailjet's Send API v3, on this machine only, to develop and test applications against.

    from compiler.sender import MailjetSender
    from compiler.sender.emulator import Emulator

    with Emulator() as emulator, MailjetSender(emulator.api_key, emulator.secret_key, emulator.url) as sender:
        sender.send(message)
        emulator.messages[0].recipients

    python -m compiler.sender.emulator --port 8025

`server` runs it, and `application` joins its resources: `send_api` is what applications call, `inspection` what was
received. `acceptance` says what it takes, `mailbox` is what it took, `state` its memory, which `newest` bounds;
`faults` are the ways in which it misbehaves on request, `events` and `webhook` what it tells an application, `pages`
what it shows a browser. Needs the extra `emulator`.
"""

from typing import TYPE_CHECKING, Any

from compiler.sender.emulator.fault_injection import FAULT_DESCRIPTIONS as FAULTS
from compiler.sender.emulator.mailbox import MessageRecipient, ReceivedAttachment, ReceivedMessage
from compiler.sender.emulator.state import ApiCall, PostedEvents

if TYPE_CHECKING:
    from compiler.sender.emulator.server import Emulator

__all__ = ["FAULTS", "ApiCall", "Emulator", "MessageRecipient", "PostedEvents", "ReceivedAttachment", "ReceivedMessage"]


def __getattr__(name: str) -> Any:
    """`Emulator` for whoever asks for it: what it imports costs, and may not be there."""
    if name != "Emulator":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        from compiler.sender.emulator.server import Emulator
    except ModuleNotFoundError as error:
        if error.name not in ("aiohttp", "jinja2"):
            raise
        raise ImportError(
            "compiler.sender.emulator needs aiohttp and Jinja2: pip install 'payload-compiler[emulator]'"
        ) from None
    return Emulator
