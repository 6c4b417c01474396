"""Programs that speak the hardware's own bytes."""
