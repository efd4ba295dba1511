"""An emulator of Mailjet's Send API v3, on this machine only, to develop and test applications against.

    from compiler.sender import MailjetSender
    from compiler.sender.emulator import Emulator

    with Emulator() as emulator, MailjetSender(emulator.api_key, emulator.secret_key, emulator.url) as sender:
        sender.send(message)
        emulator.messages[0].recipients

    python -m compiler.sender.emulator --port 8025

`server` runs it, and `application` joins its resources: `send_api` is what applications call, `inspection` what was
received. `acceptance` says what it takes, `mailbox` is what it took, `state` its memory; `faults` are the ways in which
it misbehaves on request, `events` and `webhook` what it tells an application, `pages` what it shows a browser. Needs
the extra `emulator`.
"""

try:
    import aiohttp as _aiohttp  # noqa: F401 - only whether they are there
    import jinja2 as _jinja2  # noqa: F401
except ImportError:
    raise ImportError(
        "compiler.sender.emulator needs aiohttp and Jinja2: pip install 'payload-compiler[emulator]'"
    ) from None

from compiler.sender.emulator.faults import DOCS as FAULTS
from compiler.sender.emulator.mailbox import Attachment, Message, Recipient
from compiler.sender.emulator.server import Emulator
from compiler.sender.emulator.state import Call, PostedEvents

__all__ = ["FAULTS", "Attachment", "Call", "Emulator", "Message", "PostedEvents", "Recipient"]
