"""Conditions that are watched all the time: segments, scores and `while` rules (ruling 10)."""
