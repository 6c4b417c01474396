"""Acts: what two different people have signed with their PINs."""
