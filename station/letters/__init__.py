"""Substitute letters: what they state, the code that anyone can check, numbers, register, printing."""
