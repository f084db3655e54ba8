"""What is at stake: issues, red lines, preferences, and the case they compile to."""
