"""A fingerprint scanner's service by MOSIP SBI 0.9.5: a second reading of the interface, with faults."""
