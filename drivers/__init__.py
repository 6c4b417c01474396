"""Drivers: bytes, frames and status words of one device each."""
