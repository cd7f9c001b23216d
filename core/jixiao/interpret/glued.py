"""Lines that lost their cell separators: taken apart at the words of the forms and at values.

A line is taken apart only where enough of it is words of the forms (labels, heads, levels); prose that
happens to name some stays whole. Words are found leftmost and longest.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from jixiao.interpret.heads import head_role
from jixiao.interpret.lexicon import Found, heads_run, is_level, is_word, lexicon
from jixiao.interpret.seams import other_title, title_pattern
from jixiao.interpret.segment import cells
from jixiao.interpret.titles import is_title, title_of
from jixiao.interpret.tokens import Row, Token
from jixiao.text import key
from jixiao.values import parse
from jixiao.vocabulary import vocabulary

_LEVEL_HEADS = ("level1", "level2", "level3")
_LEAST = 3  # words of the forms in a line that is taken apart
_FREE = 0.9  # of these words, where blanks part the cells
_LONG = 14  # pieces from which a line is several rows
_LINE = 80  # characters up to which a line can be one row
_SHORTEST = 8  # characters of a line worth taking apart


def unglue(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows, the glued ones taken apart: into cells, or one cell a row where a line held many rows."""
    held = list(rows)
    spaced = _spaced_from(held)
    below = _below_heads(held) if spaced is None else [None] * len(held)
    for k, row in enumerate(held):
        if row.grid or not row.full or is_title(row.full[0]):
            yield row
            continue
        glued = spaced is None or k < spaced
        text = row.full[0].text
        pieces = _pieces(text, below[k]) if glued else _by_spaces(text)
        if not pieces or len(pieces) < 2:
            yield row
            continue
        glued = glued and not _is_spaced(text, lexicon().find(text))
        tokens = [row.full[0]._replace(text=t, glued=glued) for t in _digits_apart(pieces)]
        if len(tokens) > _LONG or _holds_table(tokens):
            yield from (Row((t,), grid=False) for t in tokens)
        else:
            yield Row(tuple(tokens), grid=False)


def _holds_table(tokens: Sequence[Token]) -> bool:
    """Whether heads and levels stand in it: a table's heads and its rows."""
    roles = [head_role(t.text) for t in tokens]
    return len([r for r in roles if r]) >= _LEAST and any(is_level(t.text) for t in tokens)


def _below_heads(rows: Sequence[Row]) -> list[int | None]:
    """For each row how many rows below its sheet's glued heads it stands (above: negative); None without."""
    titles = [k for k, row in enumerate(rows) if title_of(row)]
    found: list[int | None] = []
    for start, end in pairwise([0, *titles, len(rows)]):
        heads = next((k for k in range(start, end) if _has_glued_heads(rows[k])), None)
        found += [None if heads is None else k - heads for k in range(start, end)]
    return found


def _has_glued_heads(row: Row) -> bool:
    if row.grid or not row.full:
        return False
    roles = [head_role(p) for p in _apart(row.full[0].text) or ()]
    return sum(r is not None for r in roles) >= _LEAST or {"level1", "level3"} <= set(roles)


def _pieces(text: str, below: int | None) -> list[str] | None:
    """The pieces of a line; where it holds more than one sheet, those of each.

    `below`: how many lines below the glued heads it stands (negative: above); None where there are none.
    """
    sheets = list(_sheets(text))
    found = [_pieces_of_sheet(sheet, below) for sheet in sheets]
    if not any(found):
        return None
    return [p for sheet, pieces in zip(sheets, found, strict=True) for p in pieces or [sheet]]


def _sheets(text: str) -> Iterator[str]:
    """The line, parted where another sheet begins in it."""
    begin = 0
    for end in (*_titles_behind_blanks(text), len(text)):
        part = text[begin:end]
        while (again := _second_title(part)) > 0:
            yield part[:again].strip()
            part = part[again:]
        yield part if end == len(text) else part.strip()
        begin = end


def _pieces_of_sheet(text: str, below: int | None) -> list[str] | None:
    if found := _apart(text):
        return found
    return None if below is None else _body(text) if below > 0 else _header(text)


def _titles_behind_blanks(text: str) -> Iterator[int]:
    """Where titles begin behind a blank, in what is too long to be one row."""
    begin, at = 0, text.find(" ")
    while at > 0 and len(text) - begin > _LINE:
        end = text.find(" ", at + 1)
        if is_title(Token(text[at + 1 : end if end > 0 else None], 0)):
            begin = at + 1
            yield begin
        at = end


def _second_title(text: str) -> int:
    """Where the first title stands again in the line, or another one without a blank before it; else -1."""
    title = title_pattern().match(text)
    if title is None:
        return -1
    again = text.find(title[2], title.end())
    return again if again > 0 else other_title(text, title.end())


def _header(text: str) -> list[str] | None:
    """A line of labels and their texts, above glued heads: it begins with a label."""
    found = heads_run(text, lexicon().find(text))
    return _between(text, found) if found and found[0].start == 0 else None


def _spaced_from(rows: Sequence[Row]) -> int | None:
    """The first row of heads, or of a level, a name and a value, with its cells parted by single blanks."""
    for k, row in enumerate(rows):
        if not row.grid and row.full and len(row.full[0].text) < _LINE:
            parts = _by_spaces(row.full[0].text)
            if len(parts) >= _LEAST and (_are_heads(parts) or _is_body(parts)):
                return k
    return None


def _are_heads(parts: Sequence[str]) -> bool:
    return sum(head_role(p) is not None for p in parts) >= _LEAST


def _is_body(parts: Sequence[str]) -> bool:
    levels = [is_level(p) and key(p).endswith("指标") for p in parts[:2]]
    return all(levels) or (any(levels) and parse(parts[-1]).shape in ("number", "range", "date", "words"))


def _by_spaces(text: str) -> list[str]:
    """The line's cells, parted at blanks; brackets and words broken by a blank stay together."""
    out: list[list[str]] = []
    unclosed = 0  # brackets of the last cell
    for part in text.split(" "):
        if not out or not (unclosed > 0 or _is_broken(out[-1], part)):
            out.append([])
            unclosed = 0
        out[-1].append(part)
        unclosed += sum(map(part.count, "(（")) - sum(map(part.count, ")）"))
    return [" ".join(parts) for parts in out]


def _is_broken(parts: Sequence[str], part: str) -> bool:
    """Whether a word goes on in the next part."""
    return not is_word(part) and len(parts) < _LINE and is_word(" ".join(parts) + part)


def _apart(text: str) -> list[str] | None:
    """The pieces of a glued line; None where it is not one."""
    if len(key(text)) < _SHORTEST:
        return None
    title = title_pattern().match(text)
    rest = text[title.end() :] if title else text
    found = heads_run(rest, lexicon().find(rest))
    if len(found) < _LEAST or _is_prose(rest, found):
        return None
    lead = [part.strip() for part in title.groups() if part] if title else []
    pieces = _between(rest, found)
    if any(
        piece.strip() == "、" for piece in pieces
    ):  # a sentence that names labels: 财政部门、主管部门各存一份
        return None
    return lead + pieces


def _is_prose(text: str, found: Sequence[Found]) -> bool:
    """Levels named in sentences (数量指标：…；质量指标：…) are followed by punctuation, cells are not."""
    levels = [m for m in found if is_level(m.text)]
    told = [m for m in levels if set(key(m.text + text[m.end : m.end + 1])[-2:]) & set(":,;")]
    return len(told) > len(levels) / 3


def _body(text: str) -> list[str] | None:
    """A line of the table's body: perhaps levels, a name, values."""
    found = [m for m in lexicon().find(text) if is_level(m.text) or m.start == 0]
    return _between(text, found, table=True)


def _between(text: str, found: Sequence[Found], *, table: bool = False) -> list[str]:
    """The words found, and what stands between them; inside the table that is taken apart further."""
    pieces: list[str] = []
    at, spaced = 0, _is_spaced(text, found)
    for match in found:
        stretch = text[at : match.start].strip()
        pieces += (_cells(stretch, spaced=spaced) if table else _amounts(stretch)) if stretch else []
        pieces.append(match.text.strip())
        table = table or is_level(match.text) or head_role(match.text) in _LEVEL_HEADS
        at = match.end
    stretch = text[at:].strip()
    return pieces + ((_cells(stretch, spaced=spaced) if table else _amounts(stretch)) if stretch else [])


def _amounts(text: str) -> list[str]:
    """Numbers with blanks between them, apart; any other text as it is.

    >>> _amounts("44.559 58 9.5"), _amounts("东坪自治县 财政局")
    (['44.559', '58', '9.5'], ['东坪自治县 财政局'])
    """
    parts = text.split(" ")
    return parts if all(parse(part).shape == "number" for part in parts) else [text]


def _is_spaced(text: str, found: Sequence[Found]) -> bool:
    """Whether blanks part the cells: nearly all words of the forms stand between two."""
    free = [m for m in found if text[m.start - 1 : m.start].strip() + text[m.end : m.end + 1].strip() == ""]
    return len(found) >= _LEAST and len(free) >= _FREE * len(found)


def _cells(text: str, *, spaced: bool = False) -> list[str]:
    """A stretch of the table between two levels: names, values and numbers.

    >>> _cells("足额保障率=100% 22.5 科目调整次数≤10次 22.5")
    ['足额保障率', '=100%', '22.5', '科目调整次数', '≤10次', '22.5']
    """
    if spaced:
        return _by_spaces(text)
    found = (piece for part in _by_spaces(text) for piece in cells(part))
    return [name for piece in found for name in _names(piece)]


def _names(text: str) -> list[str]:
    """Several names run together: the beginning recurs after an end that names have.

    >>> _names("支持甲类项目数量支持乙类项目数量")
    ['支持甲类项目数量', '支持乙类项目数量']
    """
    tails = tuple(vocabulary().data["name_tails"])
    if len(text) < _SHORTEST:
        return [text]
    starts = [m.start() for m in re.finditer(re.escape(text[:2]), text)]
    cuts = [at for at in starts if at == 0 or text.endswith(tails, 0, at)]
    return [text[a:b] for a, b in pairwise([*cuts, len(text)])]


def _digits_apart(pieces: list[str]) -> list[str]:
    """Numbers that stand where a name and its value should: parted at the ending that all of them share.

    >>> _digits_apart(["数量指标", "88100", "质量指标", "68100", "时效指标", "20100"])
    ['数量指标', '88', '100', '质量指标', '68', '100', '时效指标', '20', '100']
    """
    bare = [b for a, b in pairwise(pieces) if b.isdigit() and is_level(a)]
    ending = _shared_ending(bare).lstrip("0")
    if len(bare) < _LEAST or not ending or any(len(b) <= len(ending) for b in bare):
        return pieces
    apart = set(bare)
    return [p for t in pieces for p in ([t[: -len(ending)], ending] if t in apart else [t])]


def _shared_ending(words: Sequence[str]) -> str:
    ending = ""
    for letters in zip(*(w[::-1] for w in words), strict=False):
        if len(set(letters)) > 1:
            break
        ending = letters[0] + ending
    return ending
