"""Which minutiae go when a chip or a card takes fewer than there are."""

from collections.abc import Sequence


def kept_minutiae(x: Sequence[float], y: Sequence[float], quality: Sequence[int], most: int) -> list[int]:
    """Return the indices of at most `most` minutiae, in their old order.

    The lowest quality goes first, at equal quality the farthest from the centre of mass of them all, which is
    computed before any goes (ISO/IEC 19794-2:2011, 9.3.2). At equal distance the later one goes.
    """
    count = len(x)
    if count <= most:
        return list(range(count))
    centre_x, centre_y = sum(x) / count, sum(y) / count

    def worth(index: int) -> tuple[int, float, int]:
        return quality[index], -((x[index] - centre_x) ** 2 + (y[index] - centre_y) ** 2), -index

    return sorted(sorted(range(count), key=worth, reverse=True)[:most])
