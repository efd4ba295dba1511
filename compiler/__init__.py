"""Turns a normalized e-mail message into a Mailjet Send API v3 payload, or into structured errors."""
