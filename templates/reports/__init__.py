"""Reports and minutes (berita acara) about blanks, as PDF: values in, bytes out.

No official form was read for any of them; content and order are proposed (facts: domain.md section 6), in the
usual shape of an Indonesian office's paper. The same values and fonts give the same bytes.
"""
