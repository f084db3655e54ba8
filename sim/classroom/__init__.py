"""The classroom: exercises with a variant for each student, their marks, and a person's seat in a game."""
