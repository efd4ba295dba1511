"""Compiles many messages: a file with one message per line to a file with one payload per line."""
