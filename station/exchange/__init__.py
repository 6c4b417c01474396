"""The exchange with the centre: sending what is held, hearing what it says, by wire and by disk."""
