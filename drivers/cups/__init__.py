"""CUPS by the Internet Printing Protocol: a small client of our own for one queue and one document a job.

RFC 8010 (encoding and transport) and RFC 8011 (model) by section. Nothing of the station is known here.
"""
