"""Generates pages of documentation, or parts of them, from schemas, rules, code and the tables beside this file."""
