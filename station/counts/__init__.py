"""Counts by hand at the beginning and the end of a shift, and what they say about the books."""
