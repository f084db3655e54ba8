"""The classroom: exercises with a variant for each student, their marks, and a seat at the table for people."""
