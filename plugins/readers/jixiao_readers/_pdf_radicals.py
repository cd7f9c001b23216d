"""Radicals that fonts give in place of the characters they look like (⽬ for 目).

Skia and other producers map a glyph shared by both to the radical. Only pairs that look the same are here;
the Kangxi radicals by Unicode's own decompositions, those of the supplement by the forms it names.
"""

import unicodedata

_KANGXI = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
_SUPPLEMENT = dict(
    zip(
        "⺁⺅⺆⺇⺋⺒⺓⺖⺘⺙⺝⺟⺠⺡⺣⺨⺩⺭⺰⺹⺺⺼⻀⻁⻂⻃⻄⻅⻆⻈⻉⻋⻌⻍⻏⻐⻑⻓⻔⻖⻗⻘⻙⻚⻛⻜⻝⻞⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻲⻳",
        "厂亻冂几㔾巳幺忄扌攵月母民氵灬犭王礻纟耂肀月艹虎衤覀西见角讠贝车辶辶阝钅長长门阝雨青韦页风飞食飠饣马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙亀龟",
        strict=True,
    )
)
RADICALS: dict[int, str] = _KANGXI | {ord(a): b for a, b in _SUPPLEMENT.items()}
ALL = frozenset(map(chr, RADICALS))


def mapped(text: str) -> str:
    """The text with radicals as the characters they look like.

    >>> mapped("项⽬⾦额")
    '项目金额'
    """
    return text.translate(RADICALS)
