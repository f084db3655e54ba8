"""Do the talks find it? Rules as pure functions over R runs, and the Mesa model of one."""
