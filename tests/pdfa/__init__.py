"""Our own judge of PDF/A-2b: `check(data)` lists what breaks a rule of ISO 19005-2.

It walks every object, direct ones too, every content stream and every glyph that is shown. Rules have the
clause and test number of veraPDF's public profile of PDF/A-2b, to be compared with it; it shares no code with
veraPDF or with the templates. It is a closed world: what it cannot judge (rules that begin with `house`)
it refuses, so that an empty list means that everything in the file was looked at.

Not among its rules: 6.1.12 (permissions), 6.2.4.4 (spot colours), 6.2.8.3 (JPEG 2000), 6.2.11.3 (composite
fonts), 6.6.2.3 1-6 (extension schemas), 6.8 (attachments) and 6.9 (optional content): a file with any of
these is refused whole. 6.4.3-2 (the CMS of a signature) is left to who checks signatures.
"""
