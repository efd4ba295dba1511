"""HTTP basic authentication of webhook calls (RFC 7617): the only protection that Mailjet's webhooks have."""

from __future__ import annotations

import binascii
from base64 import b64decode
from dataclasses import dataclass
from hmac import compare_digest


@dataclass(frozen=True, slots=True, repr=False)
class WebhookSecrets:
    """The accepted pairs of user and password. Without any, every caller is accepted."""

    pairs: tuple[bytes, ...] = ()

    def __repr__(self) -> str:
        return f"<WebhookSecrets: {len(self.pairs)}>"

    @classmethod
    def parse(cls, setting: object, source: str = "secret") -> WebhookSecrets:
        """Reads a setting: None, a string `user:password`, or a list of such strings, for a change of passwords.

        Raises ValueError, which names `source` and never quotes a secret.
        """
        if setting is None:
            return cls()
        secrets = [setting] if isinstance(setting, str) else setting
        if not isinstance(secrets, list | tuple):
            raise ValueError(
                f"{source} must be a string 'user:password' or a list of such strings, got {type(setting).__name__}"
            )
        if not secrets:
            raise ValueError(f"{source} must be None or contain a string 'user:password', got an empty list")
        for secret in secrets:
            if not isinstance(secret, str):
                raise ValueError(f"{source} must contain only strings 'user:password', got {type(secret).__name__}")
            if not secret:
                raise ValueError(f"{source} must be a string 'user:password', got an empty string")
            user, colon, password = secret.partition(":")
            if not (colon and user and password):
                raise ValueError(f"{source} must have the form 'user:password', got a string without both of them")
            if not secret.isprintable():
                raise ValueError(f"{source} must not contain line breaks or control characters")
        return cls(tuple(secret.encode("utf-8", "surrogatepass") for secret in secrets))

    def allow(self, authorization: str | None) -> bool:
        """Whether a caller with this Authorization header is accepted. Compares in constant time."""
        if not self.pairs:
            return True
        scheme, _, credentials = (authorization or "").strip().partition(" ")
        if scheme.lower() != "basic":
            return False
        try:
            given = b64decode(credentials.strip(), validate=True)
        except (binascii.Error, ValueError):
            return False
        return sum(compare_digest(given, pair) for pair in self.pairs) > 0  # compares every pair, whichever matches
