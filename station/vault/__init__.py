"""The vault: held records, each sealed under a key of its own that only the token can unwrap."""
