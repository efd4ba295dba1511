"""An emulator of Mailjet's Send API, v3 and v3.1, on this machine only, to develop and test applications against.

    from compiler.sender import MailjetSender
    from compiler.sender.emulator import Emulator

    with Emulator() as emulator, MailjetSender(emulator.api_key, emulator.secret_key, emulator.url) as sender:
        sender.send(message)
        emulator.messages[0].recipients

    python -m compiler.sender.emulator --port 8025

`server` runs it. `application` combines its two APIs: `send_api`, which applications call, and `admin_api`, which shows
and controls the emulator. `validation` and `validation_v3_1` check payloads; `mailbox` models accepted messages;
`state` stores them, within the limits of `bounded_history`. `fault_injection` defines the faults, `events` and
`webhook` the tracking events, and `pages` the HTML pages. Needs the extra `emulator`.
"""

from typing import TYPE_CHECKING, Any

from compiler.sender.emulator.fault_injection import FAULT_DESCRIPTIONS as FAULTS
from compiler.sender.emulator.mailbox import MessageRecipient, ReceivedAttachment, ReceivedMessage
from compiler.sender.emulator.state import ApiCall, PostedEvents

if TYPE_CHECKING:
    from compiler.sender.emulator.server import Emulator

__all__ = ["FAULTS", "ApiCall", "Emulator", "MessageRecipient", "PostedEvents", "ReceivedAttachment", "ReceivedMessage"]


def __getattr__(name: str) -> Any:
    """Imports `Emulator` on first use, because its dependencies are optional and slow to import."""
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
