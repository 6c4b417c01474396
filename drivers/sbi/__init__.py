"""Fingerprint scanners behind MOSIP's Secure Biometric Interface, version 0.9.5: HTTP on this machine.

Facts: sbi.md, by section. Nothing of the station is known here. No physical device was tried.
"""
