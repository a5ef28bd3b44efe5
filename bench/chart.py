"""The figures as a picture: a bar for each way and case, its length the time in relation to the first way's."""

from xml.sax.saxutils import escape

_WIDTH, _LEFT, _BAR, _GAP, _TOP = 760, 150, 14, 6, 34
_INK, _OWN, _OTHER = "#24292f", "#0969da", "#8c959f"


def _text(x, y, text, anchor="start", size=12):
    return f'<text x="{x}" y="{y}" font-size="{size}" text-anchor="{anchor}" fill="{_INK}">{escape(text)}</text>'


def bars(cases):
    longest = max(one["seconds"] / next(iter(case["ways"].values()))["seconds"] for case in cases for one in case["ways"].values())
    scale = (_WIDTH - _LEFT - 90) / longest
    parts, y = [], 0
    for case in cases:
        y += _TOP
        parts.append(_text(8, y - 10, f"{case['rows']:,} rows, {case['indexes']} secondary indexes, {case['over']} over the column: time in relation to CREATE TABLE AS",
                           size=13))
        base = next(iter(case["ways"].values()))["seconds"]
        for name, one in case["ways"].items():
            ratio = one["seconds"] / base
            colour = _OWN if name.startswith("segue") else _OTHER
            parts.append(_text(_LEFT - 8, y + _BAR - 3, name, "end"))
            parts.append(f'<rect x="{_LEFT}" y="{y}" width="{ratio * scale:.1f}" height="{_BAR}" fill="{colour}" rx="2"/>')
            parts.append(_text(_LEFT + ratio * scale + 6, y + _BAR - 3, f"{ratio:.2f}  ({one['seconds']:.1f} s)"))
            y += _BAR + _GAP
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{y + 10}" font-family="sans-serif" '
            f'style="background:#ffffff">\n' + "\n".join(parts) + "\n</svg>\n")
