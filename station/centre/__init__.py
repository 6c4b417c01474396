"""The data centre: what it must be told waits in the outbox until the centre's receipt is there."""
