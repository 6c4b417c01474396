"""The data centre: what it must be told waits in the outbox until it is there."""
