"""SQL for analysts: their own file without personal-level tables, a guard, and a process of its own per statement.

Imports nothing itself: the process that runs a statement loads only what it needs and starts in a fraction of a second.
"""
