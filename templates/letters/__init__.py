"""The substitute letter (surat keterangan pengganti KTP-el): values in, PDF/A-2b out.

No official form was read (facts: domain.md section 4). The letter states the two facts that the form states,
with the fields that blogs and forms show; places, sizes and wording are our own.

`press` makes letters (`Press`, `one_letter`, `many_letters`), `values` is what they are made of, `errors` why
one cannot be made.
"""
