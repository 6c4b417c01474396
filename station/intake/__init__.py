"""Taking records in from bundles: each is accepted, a duplicate, or set aside with a reason."""
