"""The proof that no identity is made twice and no blank is lost: `python -m tests.reliability`."""
