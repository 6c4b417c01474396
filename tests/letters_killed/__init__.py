"""Batches of letters that are killed at random moments, and what is there in the end."""
