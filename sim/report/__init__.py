"""Sentences, tables and pictures."""
