"""Compiles many messages, one on each line of a file, into as many payloads."""
