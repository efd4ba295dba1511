"""The conformance suite: whether an integration turns messages into the right payloads.

So far this holds the reading of cases (`cases`) and the comparison of answers (`compare`), which our own tests use.
"""
