"""The live class: rooms of people over HTTP, one process, one file, nothing from outside."""
