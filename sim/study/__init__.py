"""Zone and talks together: verdicts, measures, results on disk."""
