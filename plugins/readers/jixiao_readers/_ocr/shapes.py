"""The shapes in which OCR programs tell boxes, texts and scores, and the tables they found.

Words: lists side by side (`rec_texts`, `rec_polys`, `rec_scores`), a list of objects (`box`, `txt`, `score`)
or of arrays (`[box, [text, score]]`). Tables: HTML among the blocks of a page. Wherever in the JSON.
"""

import json
from collections.abc import Iterator
from typing import Any

import msgspec
from jixiao import errors
from jixiao.document import Cell, Document, Grid, Line, Section
from jixiao.errors import over_limit
from jixiao.limits import Limits
from jixiao.model import Finding, Place

from jixiao_readers._decode import decode
from jixiao_readers._ocr.words import Box, Page, Word, joined, layout
from jixiao_readers._ocr.words import document as words_document

TEXT = ("rec_text", "text", "txt", "transcription", "words")
BOX = ("rec_poly", "rec_box", "box", "text_region", "points", "dt_poly", "poly", "bbox", "location")
SCORE = ("rec_score", "score", "confidence", "probability", "conf")
TEXTS = ("rec_texts", "txts", "texts")
BOXES = ("rec_polys", "rec_boxes", "dt_polys", "boxes")
SCORES = ("rec_scores", "scores")
HTML = ("block_content", "pred_html", "html")
BLOCKS = ("parsing_res_list", "table_res_list")
SHORT = 2

Said = list[Line | Grid]


def document(data: bytes, limits: Limits) -> Document:
    """A section a page. Raises BadInput: `damaged-file`, `bad-encoding`, `limit-…`."""
    try:
        raw = json.loads(decode(data))
        pages = list(_pages(raw))
    except (ValueError, OverflowError, RecursionError) as error:  # of numbers with too many digits, too
        raise errors.truncated("JSON") from error
    plain = [p for p in pages if isinstance(p, Page)]
    if len(plain) == len(pages):
        return words_document(plain, limits)
    if len(pages) > limits.pages:
        raise over_limit("pages", len(pages), limits.pages)
    sections, findings = [], list[Finding]()
    for n, page in enumerate(pages, 1):
        if isinstance(page, Page):
            blocks, joins = joined([layout(page, n, limits.cells)])
        else:
            blocks, joins = _blocks(page, n, limits)
        sections.append(Section(blocks=blocks))
        findings += joins
    return Document(sections=tuple(sections), findings=tuple(findings))


Blocks = tuple[list[Any], list[Word]]
"""The blocks of a page as the program tells them, and the words it read them from."""


def _pages(raw: Any) -> Iterator[Page | Blocks]:
    """The pages in whatever stands around them."""
    if isinstance(raw, dict):
        if (blocks := next((raw[k] for k in BLOCKS if isinstance(raw.get(k), list)), None)) is not None:
            yield blocks, _side_by_side(raw.get("overall_ocr_res")) + _side_by_side(raw)
        elif words := _side_by_side(raw):
            yield _page(words, raw)
        else:
            for value in raw.values():
                yield from _pages(value)
    elif isinstance(raw, list):
        words = [w for item in raw if (w := _word(item))]
        if words and len(words) == sum(item is not None for item in raw):
            yield _page(words, {})
        elif any(isinstance(item, dict) and "type" in item and "res" in item for item in raw):
            yield raw, []
        else:
            for item in raw:
                yield from _pages(item)


def _page(words: list[Word], raw: dict[str, Any]) -> Page:
    return Page(words, width=_float(raw.get("width")), height=_float(raw.get("height")))


def _side_by_side(raw: Any) -> list[Word]:
    """The words of lists side by side; none where they are not of one length."""
    if not isinstance(raw, dict):
        return []
    texts, scores = _list(raw, TEXTS), _list(raw, SCORES)
    for key in BOXES:
        boxes = [box for told in _list(raw, (key,)) if (box := _box(told))]
        if boxes and len(boxes) == len(texts):
            sure = scores if len(scores) == len(texts) else [1.0] * len(texts)
            return [Word(str(t), b, _float(s, 1.0)) for t, b, s in zip(texts, boxes, sure, strict=True)]
    return []


def _list(raw: dict[str, Any], keys: tuple[str, ...]) -> list[Any]:
    """The list under the first of the keys that has one."""
    return next((raw[key] for key in keys if isinstance(raw.get(key), list)), [])


def _word(item: Any) -> Word | None:
    """The word of an object, or of an array that begins with its box."""
    if isinstance(item, dict):
        text = next((item[k] for k in TEXT if isinstance(item.get(k), str)), None)
        box = next((box for k in BOX if (box := _box(item.get(k)))), None)
        sure = next((_float(item[k], 1.0) for k in SCORE if k in item), 1.0)
        return Word(text, box, sure) if text is not None and box else None
    if isinstance(item, list) and len(item) > 1 and (box := _box(item[0])):
        text, *rest = item[1] if isinstance(item[1], list) and item[1] else item[1:]
        return Word(text, box, _float(rest[0] if rest else 1.0, 1.0)) if isinstance(text, str) else None
    return None


def _box(raw: Any) -> Box | None:
    """The box around four corners, or a box as it is."""
    if isinstance(raw, dict) and {"left", "top", "width", "height"} <= raw.keys():
        x, y = _float(raw["left"]), _float(raw["top"])
        return x, y, x + _float(raw["width"]), y + _float(raw["height"])
    if not isinstance(raw, list) or len(raw) < 4:
        return None
    flat = raw if len(raw) == 8 else []
    points = [raw[n : n + 2] for n in range(0, 8, 2)] if flat else raw
    if all(isinstance(p, list) and len(p) == 2 for p in points):
        xs, ys = [_float(p[0]) for p in points], [_float(p[1]) for p in points]
        return min(xs), min(ys), max(xs), max(ys)
    if len(raw) == 4 and all(isinstance(v, int | float) for v in raw):
        return float(raw[0]), float(raw[1]), float(raw[2]), float(raw[3])
    return None


def _float(raw: Any, default: float = 0.0) -> float:
    return float(raw) if isinstance(raw, int | float) else default


def _blocks(page: Blocks, number: int, limits: Limits) -> tuple[tuple[Line | Grid, ...], tuple[Finding, ...]]:
    """The blocks in their order, then what was read and stands in none of them."""
    said: Said = []
    findings: list[Finding] = []
    for block in page[0]:
        more, joins = _block(block, number, limits)
        said += more
        findings += joins
    whole = _bare(
        "".join(b.text if isinstance(b, Line) else "\n".join(c.text for c in b.cells) for b in said)
    )
    lost = [w for w in page[1] if _bare(w.text) and _bare(w.text) not in whole]
    said += [Line(text=w.text, style="note", place=Place(page=number)) for w in lost]
    sure = {_bare(w.text): w.sure for w in sorted(page[1], key=lambda w: -w.sure)}
    return tuple(_with_sure(b, sure) if isinstance(b, Grid) else b for b in said), tuple(findings)


def _block(block: Any, number: int, limits: Limits) -> tuple[Said, list[Finding]]:
    """A table as HTML, words with boxes, or plain text."""
    if not isinstance(block, dict):
        return [], []
    inner = block.get("res", block)
    told = inner if isinstance(inner, dict) else {}
    text = next((told[k] for k in HTML if isinstance(told.get(k), str)), None)
    if text is not None and "<table" in text.lower():
        from jixiao_readers.html import HtmlReader

        found = HtmlReader().read(text.encode(), limits)
        return [b for s in found.sections for b in s.blocks], list(found.findings)
    if text is not None:
        return [Line(text=t, place=Place(page=number)) for t in text.splitlines() if t.strip()], []
    items = inner if isinstance(inner, list) else [inner]
    words = _side_by_side(inner) or [w for item in items if (w := _word(item))]
    blocks, joins = joined([layout(Page(words), number, limits.cells)]) if words else ((), ())
    return list(blocks), list(joins)


def _with_sure(grid: Grid, sure: dict[str, float]) -> Grid:
    """The grid with each cell as sure as the words it is made of."""

    def judged(cell: Cell) -> Cell:
        text = _bare(cell.text)
        found = [s for said, s in sure.items() if said == text or (len(said) >= SHORT and said in text)]
        return msgspec.structs.replace(cell, confidence=round(min(found, default=1.0), 4))

    return msgspec.structs.replace(grid, cells=tuple(map(judged, grid.cells)))


def _bare(text: str) -> str:
    return "".join(text.split())
