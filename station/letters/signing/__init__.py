"""The signature on a letter's file: PAdES B-B (ETSI EN 319 142-1), made with a key that stays in its token.

`plug` is what signs files, `signer` does it with the token, `pool` signs many, `checking` judges a signed
file byte by byte. pyHanko writes the field into the PDF; it is imported only where files are signed.
"""
