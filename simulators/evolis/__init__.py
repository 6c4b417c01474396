"""A simulated Evolis card printer that speaks the hardware's bytes and keeps its own truth."""
