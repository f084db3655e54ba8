"""The exercises, one file each: which variants can be used, what is asked, and how answers are marked.

Its case, its numbers and its words stand in ``scenarios/classroom``. A new one takes its fields in
`sim.scenario.exercise_schema`, a file here that is called like its kind, and its line in
`sim.classroom.exercise_kinds`.
"""
