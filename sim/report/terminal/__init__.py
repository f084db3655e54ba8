"""What people read in a terminal, one file a subject."""
