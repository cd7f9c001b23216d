"""The charts of the page, as SVG whose texts a browser can find and read out."""

from markupsafe import Markup, escape

from jixiao.batch.report.totals import NAMES, Totals, code_name
from jixiao.messages import gettext as _

WIDTH, ROW, LABEL = 1000, 26, 560
MOST = 15
"""Bars: the rest is among the choices below."""
ROOM = 41
"""Wide characters of a label."""


def outcome_chart(totals: Totals) -> Markup:
    """One bar, parted by outcome."""
    total, x = max(totals.inputs, 1), 0.0
    parts = []
    for kind, count in totals.by_outcome():
        width = WIDTH * count / total
        if count:
            said = escape(f"{_(NAMES[kind])}: {count}")
            parts.append(
                f'<g class="{kind}"><title>{said}</title>'
                f'<rect x="{x:.2f}" y="0" width="{max(width - 1, 1):.2f}" height="18" rx="2"/></g>'
            )
        x += width
    label = escape(_("Outcomes of {count} inputs").format(count=totals.inputs))
    return Markup(f'<svg viewBox="0 0 {WIDTH} 18" role="img" aria-label="{label}">{"".join(parts)}</svg>')


def code_chart(totals: Totals) -> Markup:
    """A bar a finding, as long as the number of inputs that have it."""
    ranked = totals.ranked()[:MOST]
    most = max((totals.codes[code] for code in ranked), default=1)
    parts = [_bar(code, totals, most, row * ROW) for row, code in enumerate(ranked)]
    height = ROW * len(ranked)
    return Markup(f'<svg viewBox="0 0 {WIDTH} {height}" role="group">{"".join(parts)}</svg>')


def _bar(code: str, totals: Totals, most: int, y: int) -> str:
    count = totals.codes[code]
    length = max(2.0, (WIDTH - LABEL - 70) * count / most)
    said, severity = code_name(code), totals.severity[code]
    named = escape(f"{said}: {count}")
    return (
        f'<g data-code="{escape(code)}" class="{severity}" role="button" tabindex="0" aria-pressed="false" '
        f'aria-label="{named}"><title>{escape(code)}: {escape(said)}</title>'
        f'<rect class="hit" x="0" y="{y}" width="{WIDTH}" height="{ROW}"/>'
        f'<text x="{LABEL - 10}" y="{y + 18}" text-anchor="end">{escape(_cut(said))}</text>'
        f'<rect x="{LABEL}" y="{y + 5}" width="{length:.1f}" height="{ROW - 10}" rx="2"/>'
        f'<text x="{LABEL + length + 8:.1f}" y="{y + 18}">{count}</text></g>'
    )


def _cut(text: str) -> str:
    room = 2 * ROOM
    for at, char in enumerate(text):
        room -= 1 + (ord(char) > 0x2E7F)
        if room < 0:
            return text[:at] + "…"
    return text
