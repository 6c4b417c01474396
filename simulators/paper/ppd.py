"""What the simulated printer says of itself: A4, folio and foolscap, colour and grey, PDF as it is.

A queue that cupsd makes for an IPP Everywhere printer has such a file too. `cupsFilter2` with `-` says that
the printer takes PDF itself, so its bytes arrive unchanged. Sizes in points: A4 595 x 842, folio (F4)
210 x 330 mm, foolscap 8.5 x 13 inches.
"""

_SIZES = (("A4", "A4", 595, 842), ("FanFoldGermanLegal", "Foolscap", 612, 936), ("Folio", "Folio", 595, 935))


def _lines() -> list[str]:
    lines = [
        '*PPD-Adobe: "4.3"',
        '*FormatVersion: "4.3"',
        '*FileVersion: "1.0"',
        "*LanguageVersion: English",
        "*LanguageEncoding: ISOLatin1",
        '*PCFileName: "SIMA4.PPD"',
        '*Manufacturer: "Simulated"',
        '*Product: "(Simulated A4 printer)"',
        '*ModelName: "Simulated A4 printer"',
        '*ShortNickName: "Simulated A4 printer"',
        '*NickName: "Simulated A4 printer"',
        '*PSVersion: "(3010.000) 0"',
        '*LanguageLevel: "3"',
        "*ColorDevice: True",
        "*DefaultColorSpace: RGB",
        "*FileSystem: False",
        "*Throughput: 20",
        "*TTRasterizer: Type42",
        '*cupsFilter2: "application/pdf application/pdf 0 -"',
    ]
    for keyword, value in (
        ("PageSize", '"<</PageSize[{0} {1}]>>setpagedevice"'),
        ("PageRegion", '"<</PageSize[{0} {1}]>>setpagedevice"'),
    ):
        lines += [
            f"*OpenUI *{keyword}/Media Size: PickOne",
            f"*OrderDependency: 10 AnySetup *{keyword}",
            f"*Default{keyword}: A4",
        ]
        lines += [
            f"*{keyword} {name}/{shown}: {value.format(width, height)}"
            for name, shown, width, height in _SIZES
        ]
        lines.append(f"*CloseUI: *{keyword}")
    lines.append("*DefaultImageableArea: A4")
    lines += [
        f'*ImageableArea {name}/{shown}: "12 12 {width - 12} {height - 12}"'
        for name, shown, width, height in _SIZES
    ]
    lines.append("*DefaultPaperDimension: A4")
    lines += [f'*PaperDimension {name}/{shown}: "{width} {height}"' for name, shown, width, height in _SIZES]
    lines += [
        "*OpenUI *ColorModel/Color Mode: PickOne",
        "*OrderDependency: 10 AnySetup *ColorModel",
        "*DefaultColorModel: Gray",
        '*ColorModel Gray/Grayscale: ""',
        '*ColorModel RGB/Color: ""',
        "*CloseUI: *ColorModel",
        "*OpenUI *Duplex/Two-Sided: PickOne",
        "*OrderDependency: 10 AnySetup *Duplex",
        "*DefaultDuplex: DuplexNoTumble",
        '*Duplex None/Off: ""',
        '*Duplex DuplexNoTumble/Long Edge: ""',
        "*CloseUI: *Duplex",
        "*DefaultFont: Courier",
        '*Font Courier: Standard "(1.05)" Standard ROM',
    ]
    return lines


PPD = "\n".join(_lines()) + "\n"
