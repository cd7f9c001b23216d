"""Characters of the symbol fonts that forms use, by the code a file gives them.

Facts from the fonts' published code charts. Such fonts show another character than the text says: a
capital R in Wingdings 2 is a ticked box.
"""

from functools import lru_cache

_WINGDINGS = {
    0x6C: "●", 0x6D: "○", 0x6E: "■", 0x6F: "□", 0x70: "□", 0x71: "□", 0x72: "□", 0x75: "◆", 0x77: "◆",
    0xA1: "○", 0xA7: "▪", 0xA8: "□", 0xAB: "★", 0xD8: "➢", 0xDF: "←", 0xE0: "→", 0xE1: "↑", 0xE2: "↓",
    0xE8: "➔", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
}  # fmt: skip
_WINGDINGS_2 = {
    0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x98: "●", 0x99: "◉", 0x9A: "◉",
    0xA2: "■", 0xA3: "□", 0xA4: "□",
}  # fmt: skip
_SYMBOL = {
    0x25: "%", 0x2B: "+", 0x2D: "−", 0x2F: "/", 0x3C: "<", 0x3D: "=", 0x3E: ">", 0xA3: "≤", 0xA5: "∞",
    0xB0: "°", 0xB1: "±", 0xB3: "≥", 0xB4: "×", 0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xBA: "≡", 0xBB: "≈",
    0xBC: "…", 0xD6: "√", 0xD7: "⋅", 0xE5: "∑",
    **{code: chr(code) for code in (*range(0x30, 0x3A), 0x20, 0x21, 0x28, 0x29, 0x2C, 0x2E, 0x3A, 0x3B)},
    **dict(zip(range(0x61, 0x7B), "αβχδεφγηιϕκλμνοπθρστυϖωξψζ", strict=True)),
}  # fmt: skip
FONTS = {"wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2, "symbol": _SYMBOL}
PRIVATE = range(0xF000, 0xF100)  # where Word and the fonts themselves put their 256 codes


@lru_cache(maxsize=256)
def is_symbol_font(font: str | None) -> bool:
    return font is not None and ((name := font.lower()) in FONTS or name == "wingdings 3")


def shown(font: str, text: str) -> tuple[str, bool]:
    """The text as the font shows it, and whether every character of it is known.

    Characters beyond the font's 256 codes (Chinese text in the same run) stand for themselves.
    """
    table = FONTS.get(font.lower(), {})
    out, known = [], True
    for char in text:
        code = ord(char) - 0xF000 if ord(char) in PRIVATE else ord(char)
        if code > 0xFF or char.isspace():
            out.append(char)
        else:
            out.append(table.get(code, char))
            known = known and code in table
    return "".join(out), known
