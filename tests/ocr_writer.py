"""What OCR programs would leave of placed words, in their several shapes. Boxes are dots of 300 an inch."""

from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import quoteattr

Box = tuple[int, int, int, int]
Placed = tuple[str, Box]


def hocr(words: list[Placed], lines: Sequence[Box] = (), sure: int = 96) -> str:
    def told(box: Box) -> str:
        return "bbox " + " ".join(map(str, box))

    drawn = "".join(f'<div class="ocr_separator" title="{told(b)}"></div>' for b in lines)
    said = "".join(
        f'<span class="ocr_line" title="{told(b)}">'
        f'<span class="ocrx_word" title="{told(b)}; x_wconf {sure}">{t}</span></span>'
        for t, b in words
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN">'
        '<html><head><meta name="ocr-system" content="tesseract 5"/></head><body><div class="ocr_page" '
        f"title='image \"a.png\"; bbox 0 0 2480 3508; ppageno 0; scan_res 300 300'>{drawn}{said}</div></body>"
        "</html>"
    )


def alto(words: list[Placed], lines: Sequence[Box] = (), version: int = 4, sure: float = 0.96) -> str:
    def told(box: Box) -> str:
        return f'HPOS="{box[0]}" VPOS="{box[1]}" WIDTH="{box[2] - box[0]}" HEIGHT="{box[3] - box[1]}"'

    drawn = "".join(f"<GraphicalElement {told(b)}/>" for b in lines)
    said = "".join(
        f'<TextLine><String CONTENT={quoteattr(t)} WC="{sure}" {told(b)}/></TextLine>' for t, b in words
    )
    return (
        f'<alto xmlns="http://www.loc.gov/standards/alto/ns-v{version}#"><Description><MeasurementUnit>pixel'
        '</MeasurementUnit></Description><Layout><Page WIDTH="2480" HEIGHT="3508"><PrintSpace>'
        f"{drawn}<TextBlock>{said}</TextBlock></PrintSpace></Page></Layout></alto>"
    )


def corners(box: Box) -> list[list[int]]:
    x0, top, x1, bottom = box
    return [[x0, top], [x1, top], [x1, bottom], [x0, bottom]]


def shapes(words: list[Placed]) -> dict[str, Any]:
    """The words as each program's JSON has them."""
    polys, said, boxes = [corners(b) for _, b in words], [t for t, _ in words], [list(b) for _, b in words]
    side = {"rec_texts": said, "rec_scores": [0.9] * len(said), "rec_polys": polys}
    return {
        "rapidocr": [{"box": p, "txt": t, "score": 0.9} for p, t in zip(polys, said, strict=True)],
        "paddle 2": [[[p, [t, 0.9]] for p, t in zip(polys, said, strict=True)]],
        "paddle 2, one page": [[p, [t, 0.9]] for p, t in zip(polys, said, strict=True)],
        "paddle 3": {"input_path": "a.png", "page_index": 0, "dt_polys": polys, **side, "rec_boxes": boxes},
        "paddle 3, printed": {"res": side},
        "served": {"result": {"ocrResults": [{"prunedResult": {"rec_texts": said, "rec_boxes": boxes}}]}},
        "labels": [{"transcription": t, "points": p} for p, t in zip(polys, said, strict=True)],
    }  # fmt: skip
