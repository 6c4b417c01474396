"""Replay: the journal goes on where a backup ends, and the tables that are caches of it follow row by row."""
