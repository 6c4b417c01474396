"""Batches: what waits in the queue is worked off, lane by lane."""
