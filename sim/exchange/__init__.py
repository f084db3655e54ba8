"""Negotiations as other platforms write them: read into a scenario, and written from one, each loss named."""
