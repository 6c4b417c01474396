"""Phone-like pictures of printed letters, seeded, and how many of their codes are read.

The model, from paper to file. Lengths on the paper in millimetres; a dot is 1/150 inch, which is what a dot
of the picture shows in the middle of the sheet.

1. Print (`letters.py`): the whole sheet with a signed code of a different person and number, rendered by
   poppler at 300 dpi and averaged to 150.
2. Fold (`fold.py`): a straight crease through a point drawn evenly from the code's square, at any angle. Its
   core is 1 to 4 dots wide (0.17 to 0.68 mm): toner has flaked off by 30 to 100 %, or the core is darkened by
   20 to 70 %. One side is lighter or darker by up to 12 %, and a shadow of up to 25 % fades from the crease
   over 2 to 8 mm. The part beyond the crease stands up or down by up to 5 degrees.
3. Camera (`camera.py`): a pinhole 300 to 600 mm from the middle of the sheet, the sheet tilted by 0 to 20
   degrees about any axis in its plane, then turned by any angle, on a table of any grey. Both parts of the
   folded sheet are projected as the planes that they are. There is no lens distortion.
4. Sensor (`phone.py`): Gaussian blur of 0 to 1.5 dots, the same everywhere; noise of sigma 12 of 255, each
   dot by itself; JPEG of quality 40.

Each quantity is drawn evenly from its range; `Hardness.WORST` takes tilt and blur at their ends. What is
assumed, since no real fold, phone or printer was measured: the widths and strengths of 2, the distances
of 3, even light, and toner that covers evenly.
"""
