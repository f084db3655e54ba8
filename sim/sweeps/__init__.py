"""Sweeps: many cases of one scenario, run in chunks that survive a crash, and what can be said of them."""
