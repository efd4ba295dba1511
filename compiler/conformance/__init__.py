"""The conformance suite: whether an integration turns messages into the right payloads, and reads what comes back.

So far this holds the reading of cases (`cases`), the comparison of answers (`compare`), and what our own compiler gives
for a case (`run`), which our own tests use.
"""
