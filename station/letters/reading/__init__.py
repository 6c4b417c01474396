"""Pictures, scans and photographs of letters: the texts of the QR codes in them.

A picture goes to zxing-cpp first. What it does not read is searched for by the finder patterns: a fold across
one of them hides a code from every reader that looks for its 1:1:3:1:1, and not from a matched filter.
"""
