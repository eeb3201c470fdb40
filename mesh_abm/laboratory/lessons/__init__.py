"""Class mode: short guided lessons in which a prediction is made before a run of one's own is shown.

`lesson` says what a lesson is, `attempt` is one student's way through one, `catalog` lists them; only `page` knows
Solara.
"""
