"""How fuzzing changes a content by what it is made of: elements, parts of a zip, records, lines.

Bytes changed at random break the checksum of a zip, and a reader then never sees them.
"""

import io
import json
import struct
import zipfile
from collections.abc import Callable, Iterator
from copy import deepcopy
from random import Random
from typing import Any

from compound_writer import compound
from jixiao.compound import MAGIC, Compound
from jixiao.head import DAMAGED, UNSUPPORTED
from jixiao_readers._xls.records import BOF, BOUNDSHEET, EOF, records
from lxml import etree, html
from lxml.etree import _Element

MOST, DEEP, WIDE = 4, 300, 40
"""Edits of one content, elements in one another, copies side by side."""
EXTREMES = (
    "", " ", "0", "1", "-1", "255", "65535", "65536", "16384", "1048576", "1048577", "2147483647",
    "-2147483648", "4294967296", "9" * 20, "9" * 5000, "0." + "0" * 400 + "1", "1e308", "1e-999",
    "1E999999999", "NaN", "INF", "-0", "１２", "²", "٣", "true", "A1", "XFD1048576", "A1:XFD1048576", "C3:A1",
    "A0", "2024-13-45T99:99:99", "-9999-01-01", "=1+1", "\u202e甲", "\ufffd", "_x0000_", "_xD800_",
    "甲" * 5000, "一级指标", "≥1个", "{}", "项目支出绩效目标表", "../../x", "#x", "%ff", "0;;;@",
    "[>1]0;[<1]", "yyyy-mm-dd h:mm:ss.000", "# ?/???", "0E+0", "0 0 1 1", "1 nan 3 inf",
)  # fmt: skip
NUMBERS = (0, 1, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFE, 0xFFFF)

Edit = Callable[[list[_Element], _Element, Random], None]


def mutated(name: str, content: bytes, random: Random) -> bytes | None:
    """The content that a reader of that name is given instead; None where it is not what that one reads."""
    try:
        return MUTATORS[name](content, random) if name in MUTATORS else None
    except (*DAMAGED, UNSUPPORTED, etree.LxmlError, ValueError, LookupError):
        return None


def xml(content: bytes, random: Random) -> bytes:
    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    edit(root, random)
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True))


def page(content: bytes, random: Random) -> bytes:
    root = html.document_fromstring(content)
    edit(root, random)
    return bytes(html.tostring(root, encoding="utf-8"))


def edit(root: _Element, random: Random) -> None:
    for _ in range(random.randint(1, MOST)):
        every = [e for e in root.iter() if isinstance(e.tag, str)]
        random.choice(EDITS)(every, random.choice(every), random)


def remove(_every: list[_Element], element: _Element, _random: Random) -> None:
    if (parent := element.getparent()) is not None:
        parent.remove(element)


def repeat(_every: list[_Element], element: _Element, random: Random) -> None:
    if (parent := element.getparent()) is not None and len(element) < WIDE:
        for _ in range(random.choice((1, 2, WIDE))):
            parent.insert(parent.index(element), deepcopy(element))


def put_into(every: list[_Element], element: _Element, random: Random) -> None:
    """A copy of it at any place, in itself too."""
    other = random.choice(every)
    other.insert(random.randint(0, len(other)), deepcopy(element))


def nest(_every: list[_Element], element: _Element, random: Random) -> None:
    """The element in itself, many times over; what stands in it goes to the innermost."""
    inner, children = element, list(element)
    for _ in range(random.choice((2, 60, DEEP))):
        inner = etree.SubElement(inner, element.tag, dict(element.attrib))
    inner.extend(children)


def swap(every: list[_Element], element: _Element, random: Random) -> None:
    """What stands in it and what stands in another."""
    other = random.choice(every)
    if element not in other.iterancestors() and other not in element.iterancestors():
        here, there = list(element), list(other)
        element[:], other[:] = there, here
        element.text, other.text = other.text, element.text


def rename(every: list[_Element], element: _Element, random: Random) -> None:
    element.tag = random.choice(every).tag


def say(every: list[_Element], element: _Element, random: Random) -> None:
    element.text = random.choice((random.choice(EXTREMES), random.choice(every).text or ""))


def set_attribute(every: list[_Element], element: _Element, random: Random) -> None:
    """One it has, or one of another: gone, extreme, or as another element has it."""
    holders = [e for e in (element, random.choice(every)) if e.attrib]
    if not holders:
        return
    name = random.choice(list(random.choice(holders).attrib))
    others = [e.attrib[name] for e in every if name in e.attrib]
    match random.randrange(4):
        case 0:
            element.attrib.pop(name, None)
        case 1:
            element.attrib[name] = random.choice(others)
        case _:
            element.attrib[name] = random.choice(EXTREMES)


EDITS: tuple[Edit, ...] = (
    remove, repeat, put_into, nest, swap, rename, say, say, set_attribute, set_attribute, set_attribute,
)  # fmt: skip


def package(content: bytes, random: Random) -> bytes:
    """A zip, one of its parts changed; seldom a part is gone, or has what stands in another."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = random.choice([name for name in parts if name.endswith((".xml", ".rels"))])
    match random.randrange(16):
        case 0:
            del parts[name]
        case 1:
            parts[name] = random.choice(list(parts.values()))
        case _:
            parts[name] = xml(parts[name], random)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, data in parts.items():
            archive.writestr(part, data)
    return made.getvalue()


def workbook(content: bytes, random: Random) -> bytes:
    """The records of a workbook; where its worksheets begin is told anew."""
    file = Compound(content)
    name = next((n for n in ("Workbook", "Book") if n in file.streams), "Workbook")
    stream = file.read(name) if content.startswith(MAGIC) else content
    told = [(code, bytearray(body)) for _at, code, body in records(stream)]
    lies: dict[int, int] = {}
    for _ in range(random.randint(1, MOST)):
        at, other = random.randrange(len(told)), random.randrange(len(told))
        code, body = told[at]
        match random.randrange(7):
            case 0:
                del told[at]
            case 1:
                told[at:at] = [told[at]] * random.choice((1, 2, WIDE))
            case 2:
                told[at], told[other] = told[other], told[at]
            case 3:
                told[at] = code, told[other][1]
            case 4:
                lies[at] = random.choice(NUMBERS)
            case 5:
                told[at] = code, body[: random.randint(0, len(body))]
            case _ if len(body) > 1:
                changed = bytearray(body)
                struct.pack_into("<H", changed, random.randrange(len(body) - 1), random.choice(NUMBERS))
                told[at] = code, changed
    return compound({name: _stream(told, lies)})


def _stream(told: list[tuple[int, bytearray]], lies: dict[int, int]) -> bytes:
    """The records as bytes. `lies`: the length that the header of a record tells, by its place."""
    made, starts, depth = bytearray(), [], 0
    sheets = []
    for n, (code, body) in enumerate(told):
        if code == BOF:
            depth += 1
            starts += [len(made)] if depth == 1 else []
        elif code == EOF:
            depth -= 1
        elif code == BOUNDSHEET and len(body) >= 4:
            sheets.append(len(made) + 4)
        made += struct.pack("<HH", code, min(lies.get(n, len(body)), 0xFFFF)) + body
    for at, start in zip(sheets, starts[1:], strict=False):
        struct.pack_into("<I", made, at, start)
    return bytes(made)


def values(content: bytes, random: Random) -> bytes:
    """JSON, one of its values changed."""
    root = [json.loads(content)]
    places = list(_places(root))
    for _ in range(random.randint(1, MOST)):
        held, key = random.choice(places)
        other, there = random.choice(places)
        try:
            held[key] = random.choice(
                (None, [], {}, -1, 1e308, 10**30, True, random.choice(EXTREMES), deepcopy(other[there]))
            )
        except LookupError:  # an edit before this one took it away
            continue
    return json.dumps(root[0], ensure_ascii=False).encode()


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """What holds each value, and under which key."""
    for key, inner in list(value.items() if isinstance(value, dict) else enumerate(value)):
        yield value, key
        if isinstance(inner, dict | list):
            yield from _places(inner)


def lines(content: bytes, random: Random) -> bytes:
    """Text: lines and their cells, which a tab or a bar parts."""
    told = content.decode("utf-8").split("\n")
    for _ in range(random.randint(1, MOST)):
        at, other = random.randrange(len(told)), random.randrange(len(told))
        mark = next((mark for mark in "\t|" if mark in told[at]), " ")
        cells = told[at].split(mark)
        match random.randrange(5):
            case 0 if len(told) > 1:
                del told[at]
            case 1:
                told[at:at] = [told[at]] * random.choice((1, 2, WIDE))
            case 2:
                told[at], told[other] = told[other], told[at]
            case 3:
                del cells[random.randrange(len(cells))]
                told[at] = mark.join(cells)
            case _:
                cells[random.randrange(len(cells))] = random.choice((*EXTREMES, *told[other].split(mark)))
                told[at] = mark.join(cells)
    return "\n".join(told).encode()


MUTATORS: dict[str, Callable[[bytes, Random], bytes]] = {
    "docx": package, "xlsx": package, "ofd": package, "xml": xml, "spreadsheetml": xml, "alto": xml,
    "html": page, "hocr": page, "xls": workbook, "json": values, "ocr-json": values, "markdown": lines,
    "text": lines, "interpret": lines,
}  # fmt: skip
