"""Benchmarks: how long compiling takes and how much memory, beside other ways to do the same, all in one run.

    python -m tests.benchmarks --help

Seconds say as much about the machine as about the program, so what is told are ratios: everything in a row was measured
in the same run, turn by turn. The other ways are reading and writing the same document as JSON (`cases`), a function
written by hand for this one service (`by_hand`), and django-anymail in an environment of its own (`anymail`).

`documents` makes what is measured, `timing` and `memory` measure, `cases` and `programs` say what, `growth` how cost
grows with size; `report`, `plot` and `readme` show it. No test here asserts a time.
"""
