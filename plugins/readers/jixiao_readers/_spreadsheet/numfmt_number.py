"""Number sections of a number format: digits, thousands, percent, powers of ten, fractions."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from jixiao_readers._spreadsheet.numfmt_code import PAD, Section, Token, Unsupported
from jixiao_readers._spreadsheet.numfmt_general import WIDE, general


def render(section: Section, size: Decimal) -> str:
    """The text of a number without its sign. Raises Unsupported for mixtures that have no fixed meaning."""
    tokens = section.tokens
    if section.has("general"):
        if section.has("digit", "percent", "exponent"):
            raise Unsupported("General beside digits")
        return "".join(general(size) if t.kind == "general" else t.text for t in tokens)
    if not section.has("digit"):
        if section.has("exponent"):
            raise Unsupported("an exponent without digits")
        return "".join(t.text for t in tokens)
    size = size.scaleb(2 * sum(t.kind == "percent" for t in tokens), context=WIDE)
    if section.has("exponent"):
        return _scientific(tokens, size)
    if (slash := _slash(tokens)) is not None:
        return _fraction(tokens, slash, size)
    return _plain(tokens, size)


def _plain(tokens: Sequence[Token], size: Decimal) -> str:
    """Digits laid over the placeholders: from the point leftwards, and rightwards."""
    tokens, thousands, scale = _commas(tokens)
    point = next((i for i, t in enumerate(tokens) if t.kind == "point"), len(tokens))
    head, tail = tokens[:point], tokens[point:]
    decimals = sum(t.kind == "digit" for t in tail)
    rounded = size.scaleb(-3 * scale, context=WIDE).quantize(Decimal(1).scaleb(-decimals), context=WIDE)
    whole, _, part = f"{rounded:f}".partition(".")
    return _whole(head, whole.lstrip("0"), thousands) + _part(tail, part)


def _commas(tokens: Sequence[Token]) -> tuple[list[Token], bool, int]:
    """The tokens without meaning commas; whether thousands are grouped; how often to divide by 1000."""
    point = next((i for i, t in enumerate(tokens) if t.kind == "point"), len(tokens))
    digits = [i for i, t in enumerate(tokens) if t.kind == "digit"]
    whole = [i for i in digits if i < point]
    kept: list[Token] = []
    thousands, scale = False, 0
    for i, token in enumerate(tokens):
        if token.kind != "comma" or i < digits[0]:
            kept.append(token._replace(kind="literal") if token.kind == "comma" else token)
        elif whole and whole[0] < i < whole[-1]:
            thousands = True
        elif tokens[i - 1].kind in ("digit", "comma"):
            scale += 1
        else:
            kept.append(token._replace(kind="literal"))
    return kept, thousands, scale


def _whole(tokens: Sequence[Token], digits: str, thousands: bool) -> str:
    """The part before the point. Digits beyond the placeholders go before the first of them."""
    places = sum(t.kind == "digit" for t in tokens)
    out: list[str] = []
    padding = ""
    if not places:
        out.append(digits)
    for token in tokens:
        if token.kind != "digit":
            out.append(token.text)
            continue
        places -= 1
        if padding != "0":  # right of a 0 every placeholder holds a digit
            padding = {"0": "0", "?": PAD, "#": ""}[token.text]
        if len(digits) > places:
            here, digits = digits[: len(digits) - places], digits[len(digits) - places :]
            padding = "0"
        else:
            here = padding
        for at, digit in enumerate(here):
            right = places + len(here) - at - 1
            out.append(digit + ("," if thousands and digit != PAD and right and right % 3 == 0 else ""))
    return "".join(out)


def _part(tokens: Sequence[Token], digits: str) -> str:
    """The part from the point on: # and ? leave trailing zeros out."""
    places = [t.text for t in tokens if t.kind == "digit"]
    shown = list(digits)
    for at in reversed(range(len(places))):
        if places[at] == "0" or digits[at] != "0":
            break
        shown[at] = PAD if places[at] == "?" else ""
    rest = iter(shown)
    return "".join(next(rest) if t.kind == "digit" else t.text for t in tokens)


def _scientific(tokens: Sequence[Token], size: Decimal) -> str:
    at = next(i for i, t in enumerate(tokens) if t.kind == "exponent")
    mantissa, exponent = tokens[:at], tokens[at + 1 :]
    point = next((i for i, t in enumerate(mantissa) if t.kind == "point"), len(mantissa))
    places = [t.text for t in mantissa[:point] if t.kind == "digit"]
    decimals = sum(t.kind == "digit" for t in mantissa[point:])
    plain = all(t.kind not in ("comma", "exponent") for t in exponent)
    if not plain or not places or set(places[:-1]) - {"#"}:
        raise Unsupported("this form of powers of ten")
    power = _power(size, len(places))
    shown = size.scaleb(-power, context=WIDE).quantize(Decimal(1).scaleb(-decimals), context=WIDE)
    if shown and shown.adjusted() >= len(places):  # 9.99 rounded up to 10.0
        power += len(places)
        shown = size.scaleb(-power, context=WIDE).quantize(Decimal(1).scaleb(-decimals), context=WIDE)
    sign = "-" if power < 0 else "+" if tokens[at].text.endswith("+") else ""
    return _plain(mantissa, shown) + "E" + sign + _plain(exponent, Decimal(abs(power)))


def _power(size: Decimal, step: int) -> int:
    return size.adjusted() // step * step if size else 0


def _slash(tokens: Sequence[Token]) -> int | None:
    """The place of the stroke of a fraction: digits on both sides of it."""
    for i, token in enumerate(tokens):
        if token.kind == "slash" and 0 < i < len(tokens) - 1 and tokens[i - 1].kind == "digit":
            after = tokens[i + 1]
            if after.kind == "digit" or after.text in "123456789":
                return i
    return None


def _fraction(tokens: Sequence[Token], slash: int, size: Decimal) -> str:
    """Whole part, numerator and denominator; the room that aligns fractions in a column is left out."""
    first = slash
    while first and tokens[first - 1].kind == "digit":
        first -= 1
    last = slash + 1
    while last < len(tokens) and (tokens[last].kind == "digit" or tokens[last].text.isdigit()):
        last += 1
    head, tail = tokens[:first], tokens[last:]
    under = "".join(t.text for t in tokens[slash + 1 : last])
    mixed = any(t.kind == "digit" for t in head)
    if any(t.kind in ("point", "comma", "percent") for t in tokens) or any(t.kind == "digit" for t in tail):
        raise Unsupported("a fraction beside a decimal point")
    whole, rest = divmod(Fraction(size), 1) if mixed else (0, Fraction(size))
    top, bottom = _nearest(rest, under)
    if mixed and top == bottom:
        whole, top = whole + 1, 0
    before = _plain(head, Decimal(int(whole))) if mixed else "".join(t.text for t in head)
    after = "".join(t.text for t in tail)
    if mixed and not top:
        return before.rstrip() + (after or "") or "0"
    return f"{before}{top}/{bottom}{after}".lstrip()


def _nearest(rest: Fraction, under: str) -> tuple[int, int]:
    """Numerator and denominator: the one that is written, or the best with as many digits."""
    if int(under.replace("#", "0").replace("?", "0")):
        bottom = int(under.replace("#", "").replace("?", ""))
        return int(rest * bottom + Fraction(1, 2)), bottom
    best = rest.limit_denominator(10 ** len(under) - 1)
    return best.numerator, best.denominator
