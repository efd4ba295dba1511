"""The formats of mail as pure functions: RFC 5322, 2045, 2047, 2231, 2392 and 4648.

Nothing here knows JSON messages, rules or services.
"""
