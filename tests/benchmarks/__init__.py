"""Benchmarks: time and memory of compiling, compared with other ways to do the same, all in one run.

    python -m tests.benchmarks --help

Absolute times depend on the machine, so the results are ratios to a baseline that is measured in the same run, in
turns. The baselines are reading and writing the same document as JSON (`cases`), a hand-written function for this one
service (`by_hand`), and django-anymail in an environment of its own (`anymail`).

`documents` builds the inputs, `cases` and `programs` define what is measured, `timing` and `memory` measure, `growth`
measures how cost grows with size; `report`, `plot` and `page` present the results. No test here asserts a time.
"""
