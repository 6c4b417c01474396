"""The daily statement of blanks (laporan harian blangko)."""

from collections.abc import Sequence

from reportlab.platypus import Flowable, KeepTogether

from .daily_values import DailyValues, HandoverRow, HeadRow, Spoilage
from .fonts import ReportFonts
from .page import BODY, NOTE, SECTION, SMALL, letterhead, make_document, paragraph, title
from .tables import Column, Kind, Signer, facts, signatures, table
from .words import day_and_date, figures, long_date, percent, signed, town

NAME = "Laporan Harian Blangko KTP-el"


def draw_daily_statement(values: DailyValues, fonts: ReportFonts, *, specimen: bool) -> bytes:
    """Draw the statement.

    Raises:
        ReportError: a character is in none of the fonts, or something is larger than a page.
    """
    fonts.check(_free_texts(values))
    return make_document(lambda: _story(values), NAME, long_date(values.on), specimen=specimen)


def _free_texts(values: DailyValues) -> list[str]:
    return [
        values.office.province,
        values.office.regency,
        *(text for row in values.moves for text in (row.kind, row.detail)),
        *(row.name for row in values.lanes),
        *(text for row in values.counts for text in (row.by, row.place)),
        *(text for row in values.differences for text in row.traces),
        *(row.cause for row in values.spoilage.rows),
        *(row.office for row in values.loans),
        *(row.text for row in values.questions),
    ]


def _story(values: DailyValues) -> Sequence[Flowable]:
    when = day_and_date(values.on)
    state = f"Keadaan sampai pukul {values.until}; hari belum berakhir." if values.until else ""
    return [
        *letterhead(values.office),
        *title(NAME.upper()),
        paragraph(f"Hari/tanggal: {when}. {state}".strip(), BODY),
        *_accounts(values),
        *_moves(values),
        *_lanes(values),
        *_counts(values),
        *_spoilage(values.spoilage),
        *_open_matters(values),
        *_journal(values.head),
        signatures(
            [Signer("Mengetahui,\u00a0Supervisor", None), Signer("Petugas Blangko", None)],
            f"{town(values.office.regency)}, {long_date(values.on)}",
        ),
    ]


def _section(text: str, *parts: Flowable) -> list[Flowable]:
    return [paragraph(text, SECTION), *parts]


def _accounts(values: DailyValues) -> list[Flowable]:
    columns = [
        Column("Pos", 34),
        *(Column(head, 16, Kind.NUMBER) for head in ("Saldo awal", "Masuk", "Keluar", "Saldo akhir")),
    ]
    rows = [
        (row.name, figures(row.opening), figures(row.came), figures(row.went), figures(row.closing))
        for row in values.accounts
    ]
    left, right = values.equation
    total_in, total_out = sum(amount for _, amount in left), sum(amount for _, amount in right)
    sides = [" + ".join(f"{name} {figures(amount)}" for name, amount in side) for side in (left, right)]
    verdict = (
        f"Persamaan blangko seimbang: {figures(total_in)} = {figures(total_out)}."
        if total_in == total_out
        else f"PERSAMAAN BLANGKO TIDAK SEIMBANG: selisih {signed(total_in - total_out)}."
    )
    return _section(
        "1. Saldo blangko per pos",
        table(columns, rows),
        paragraph(f"{sides[0]} = {sides[1]}", NOTE),
        paragraph(verdict, SMALL),
    )


def _moves(values: DailyValues) -> list[Flowable]:
    columns = [
        Column("Jenis pencatatan", 30),
        Column("Dari pos ke pos", 34),
        Column("Keterangan", 32),
        Column("Blangko", 11, Kind.NUMBER),
        Column("Catatan", 11, Kind.NUMBER),
    ]
    rows = [
        (row.kind, row.way, row.detail, figures(row.quantity), figures(row.bookings)) for row in values.moves
    ]
    return _section(
        "2. Pergerakan blangko hari ini", table(columns, rows, empty="Tidak ada pergerakan blangko.")
    )


def _lanes(values: DailyValues) -> list[Flowable]:
    columns = [
        Column("Lajur", 20),
        *(
            Column(head, 16, Kind.NUMBER)
            for head in ("Isi awal", "Isi akhir", "Kartu terbit", "Blangko rusak")
        ),
    ]
    rows = [
        (row.name, figures(row.opening), figures(row.closing), figures(row.issued), figures(row.spoiled))
        for row in values.lanes
    ]
    amounts = [
        sum(column)
        for column in zip(
            *((row.opening, row.closing, row.issued, row.spoiled) for row in values.lanes), strict=True
        )
    ]
    total = ("Jumlah", *(figures(amount) for amount in amounts)) if len(rows) > 1 else None
    return _section(
        "3. Kartu terbit per lajur",
        table(columns, rows, total=total, empty="Belum ada lajur yang terisi."),
        paragraph(_handovers(values.handovers), NOTE),
    )


def _handovers(row: HandoverRow) -> str:
    return (
        f"Diserahkan kepada pemegangnya hari ini: {figures(row.handed_over)} kartu, di antaranya tanpa "
        f"bukti jari: {figures(row.without_finger)}. Kartu lama yang ditarik hari ini: "
        f"{figures(row.old_taken)}; yang disimpan: {figures(row.old_kept)} (di luar persamaan blangko)."
    )


def _counts(values: DailyValues) -> list[Flowable]:
    columns = [
        Column("Pukul", 9),
        Column("Hitungan", 16),
        Column("Tempat", 22),
        Column("Seharusnya", 14, Kind.NUMBER),
        Column("Terhitung", 14, Kind.NUMBER),
        Column("Selisih", 11, Kind.NUMBER),
        Column("Penghitung", 24),
    ]
    rows = [
        (
            row.at,
            row.kind,
            row.place,
            figures(row.expected),
            figures(row.counted),
            signed(row.counted - row.expected),
            row.by,
        )
        for row in values.counts
    ]
    return _section(
        "4. Hitungan fisik sif", table(columns, rows, empty="TIDAK ADA hitungan fisik pada hari ini.")
    )


def _spoilage(spoilage: Spoilage) -> list[Flowable]:
    columns = [
        Column("Sebab", 44),
        Column("Hari ini", 14, Kind.NUMBER),
        Column("% hari ini", 16, Kind.NUMBER),
        Column("Sampai kini", 16, Kind.NUMBER),
        Column("% sampai kini", 18, Kind.NUMBER),
    ]

    def share(amount: int, used: int) -> str:
        return percent(amount / used if used else None)

    today, ever = (sum(row.today for row in spoilage.rows), sum(row.ever for row in spoilage.rows))
    rows = [
        (
            row.cause,
            figures(row.today),
            share(row.today, spoilage.used_today),
            figures(row.ever),
            share(row.ever, spoilage.used_ever),
        )
        for row in spoilage.rows
    ]
    total = (
        "Jumlah rusak",
        figures(today),
        share(today, spoilage.used_today),
        figures(ever),
        share(ever, spoilage.used_ever),
    )
    benchmark = share(spoilage.benchmark_spoiled, spoilage.benchmark_used)
    return _section(
        "5. Blangko rusak menurut sebab",
        table(columns, rows, total=total, empty="Belum ada blangko rusak."),
        paragraph(
            "Angka rusak = (rusak + sudah dimusnahkan) \u00f7 (terbit + rusak + sudah dimusnahkan). "
            f"Hari ini {figures(today)} dari {figures(spoilage.used_today)}; sampai kini {figures(ever)} "
            f"dari {figures(spoilage.used_ever)}. Pembanding: {benchmark} (Pekalongan 2016: "
            f"{figures(spoilage.benchmark_spoiled)} dari {figures(spoilage.benchmark_used)} blangko).",
            NOTE,
        ),
    )


def _open_matters(values: DailyValues) -> list[Flowable]:
    parts: list[Flowable] = []
    for row in values.differences:
        parts.append(
            paragraph(f"Selisih {signed(row.difference)} blangko di {row.place}, sejak {row.since}.", SMALL)
        )
        parts += [paragraph(f"\u2013 {line}", NOTE) for line in row.traces]
    loans = [(row.office, figures(row.lent), figures(row.borrowed)) for row in values.loans]
    if loans:
        columns = [
            Column("Kantor lain", 50),
            Column("Kami pinjamkan", 20, Kind.NUMBER),
            Column("Kami pinjam", 20, Kind.NUMBER),
        ]
        parts += [paragraph("Pinjaman yang belum kembali:", SMALL), table(columns, loans)]
    parts += [paragraph(f"Pertanyaan {row.number} ({row.at}): {row.text}", SMALL) for row in values.questions]
    return _section(
        "6. Hal yang masih terbuka",
        *(parts or [paragraph("Nihil: tidak ada selisih, pinjaman, atau pertanyaan.", SMALL)]),
    )


def _journal(head: HeadRow | None) -> list[Flowable]:
    if head is None:
        return _section("7. Kepala jurnal", paragraph("Jurnal masih kosong.", SMALL))
    signature = f"{head.signature}\u2026" if head.signature else "belum ditandatangani"
    return [
        KeepTogether(
            _section(
                "7. Kepala jurnal",
                facts(
                    [
                        ("Baris terakhir", figures(head.sequence)),
                        ("SHA-256", head.hash),
                        ("Tanda tangan", signature),
                    ],
                    SMALL,
                ),
            )
        )
    ]
