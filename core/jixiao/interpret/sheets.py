"""A stream of rows, split into sheets and each read from its title to its last line."""

from collections.abc import Iterator, Sequence
from itertools import compress
from typing import NamedTuple

from jixiao.findings import finding
from jixiao.interpret import fields
from jixiao.interpret.borders import like_a_name
from jixiao.interpret.doubt import doubts
from jixiao.interpret.evidence import evidence
from jixiao.interpret.funds import doubtful_amounts, with_year
from jixiao.interpret.goals import several_goals
from jixiao.interpret.header import Header, is_label
from jixiao.interpret.heads import Heads, default_heads, find_heads, is_side, of_year
from jixiao.interpret.indicators import read_indicators
from jixiao.interpret.lexicon import lexicon
from jixiao.interpret.pages import is_page_number, is_running_title, repeated_heads
from jixiao.interpret.scores import NAME
from jixiao.interpret.table import Record, begins_table, could_be_body, read_table
from jixiao.interpret.titles import is_title_start, is_year_line, kind_of, split_lead, split_year, title_of
from jixiao.interpret.tokens import Row, Token
from jixiao.interpret.totals import split_weights
from jixiao.model import Column, Finding, Funds, Goal, Indicator, Sheet
from jixiao.text import is_numbered, key, label_key
from jixiao.values import parse
from jixiao.vocabulary import vocabulary

_LOOK_AHEAD = 8
_PAIRS = 4  # cells: a label and its text, twice
_ONE_CELL = 25  # characters
_WIDE = 3  # columns that a note below the table spans at least


def split(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """The rows of each sheet; the first part may hold none (text before the first title)."""
    part: list[Row] = []
    body = False  # whether the part has more than a title so far
    for k, row in enumerate(rows):
        if k and part and part[-1] is rows[k - 1] and is_title_start(rows[k - 1], row):
            first = part.pop()
            if part:
                yield part
            part, body = [first], False
        elif title_of(row) and (body or not part) and not _runs_on(part, rows, k) and _starts_sheet(rows, k):
            if part:
                yield part
            part, body = [], False
        elif row.full and not is_year_line(row.full[0].text):
            body = body or not title_of(row)
        part.append(row)
    if part:
        yield part


def _runs_on(part: Sequence[Row], rows: Sequence[Row], at: int) -> bool:
    """Whether the title is another page's running header: the same again, and no label anew under it."""
    first = next((t for r in part if (t := title_of(r))), None)
    here = title_of(rows[at])
    if first is None or here is None or key(first.text) != key(here.text):
        return False
    seen = {label for r in part for t in r.full[:2] if (label := _header_label(t))}
    ahead = [t for r in rows[at + 1 : at + 1 + 3 * _LOOK_AHEAD] for t in r.full[:2]][: 2 * _LOOK_AHEAD]
    return not any(_header_label(t) in seen for t in ahead)


def _header_label(token: Token) -> str | None:
    """The label that the text is, or begins with, a colon or a blank behind it (项目名称 某项目)."""
    before = _before_colon(token.text)
    words = (before, before.split(" ")[0])
    return next((key(word) for word in words if is_label(word, "fields", "funds", "goals")), None)


def _before_colon(text: str) -> str:
    return text.replace("：", ":").split(":")[0]


def _starts_sheet(rows: Sequence[Row], at: int) -> bool:
    """Whether a sheet's beginning follows: a header label or heads; not so after a running page header."""
    ahead = [r for r in rows[at + 1 : at + 1 + 3 * _LOOK_AHEAD] if r.full][:_LOOK_AHEAD]
    return any(
        is_year_line(t.text) or is_label(_before_colon(t.text), "project", "department", "agency", "year")
        for r in ahead
        for t in r.full[:_PAIRS]
    ) or any(find_heads(ahead, k, None) for k in range(min(len(ahead), 4)))


class Explained(NamedTuple):
    """A sheet, and for each of its indicators how its cells were read."""

    sheet: Sheet
    records: tuple[Record, ...]


def read_sheet(rows: Sequence[Row]) -> Explained | None:
    """The sheet in these rows; None where they hold none."""
    reader = _Reader(rows)
    reader.run()
    return Explained(reader.sheet(), tuple(reader.records)) if reader.found else None


class _Reader:
    """Goes down the rows of one sheet: title, header, tables, footer."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = rows
        self.header = Header()
        self.titles: list[str] = []
        self.columns: tuple[Column, ...] = ()
        self.indicators: list[Indicator] = []
        self.records: list[Record] = []
        self.findings: list[Finding] = []
        self.unplaced: list[str] = []
        self.tables = 0
        self._side: Token | None = None

    @property
    def found(self) -> bool:
        """Whether these rows are a sheet: a table, or a title with header labels under it."""
        known = sum(k is not None for k in self.header.kinds)
        whole = any(i.level3 and (i.value or i.value_long) for i in self.indicators)
        return bool(self.columns) or (self.tables > 0 and whole) or bool(self.titles and known > 1)

    def run(self) -> None:
        at = self._read_title()
        while at < len(self.rows):
            at = self._next(at)

    def _read_title(self) -> int:
        at = 0
        if len(self.rows) > 1 and is_title_start(self.rows[0], self.rows[1]):
            self.titles.append(self.rows[0].full[0].text)
            at = 1
        while at < len(self.rows) and (not self.rows[at].full or title_of(self.rows[at])):
            if token := title_of(self.rows[at]):
                lead, rest = split_lead(token.text)
                title, year = split_year(rest)
                self.titles.append(title)
                self.unplaced += lead
                if year:
                    self.header.add(Row((token._replace(text=year),), grid=False))
            at += 1
        return at

    def _next(self, at: int) -> int:
        """Reads what begins in row `at`; the row to go on with."""
        row = self.rows[at]
        heads = find_heads(self.rows, at, self._side)
        if heads is not None and any(slot.role == "recipient" for slot in heads.slots):
            heads = of_year(heads, self._year())
        if heads is None and self.tables == 0 and self._begins_table(at):
            heads = default_heads()
        if heads is not None:
            return self._read_table(heads, at + heads.rows)
        if self.tables and title_of(row):
            self.unplaced.append(row.full[0].text)
        elif self._is_side_alone(at):
            self._side = row.full[0]
        else:
            self.header.add(row)
        return at + 1

    def _year(self) -> int | None:
        return fields.named(self.header.fields, self.header.kinds, "".join(self.titles) or None).year

    def _is_side_alone(self, at: int) -> bool:
        full = self.rows[at].full
        if len(full) != 1 or not is_side(full[0].text):
            return False
        return not self.header.waiting or self._heads_at(at + 1) or self._heads_at(at + 2)

    def _begins_table(self, at: int) -> bool:
        """Whether a table without heads begins: with a level, or with rows whose levels were lost."""
        row = self.rows[at]
        if begins_table(row):
            return not is_label(row.full[0].text, "goals")
        later = self.rows[at + 1 : at + 1 + _LOOK_AHEAD]
        if row.grid and row.full and is_numbered(row.full[0].text):
            return True
        return could_be_body(row) and not self.header.waiting and any(map(begins_table, later))

    def _read_table(self, heads: Heads, at: int) -> int:
        """Reads the table whose body begins in row `at`; the row to go on with."""
        body, end = self._body(heads, at)
        inside, outside = _inside(body, self.rows[at - heads.rows : at])
        totals = [r for r in inside if self._is_total(r, heads)]
        table = read_table(heads, [r for r in inside if r not in totals])
        read = read_indicators(table, len(self.indicators))
        self.columns += table.columns
        self.indicators += read.indicators
        self.records += read.records
        self.findings += read.findings
        self.unplaced += read.loose
        self.tables += 1
        self._side = None
        self.header.pass_table()
        for row in totals:
            self.header.add_total(row)
        for row in outside:
            self.header.add(row)
        return end

    def _body(self, heads: Heads, at: int) -> tuple[list[Row], int]:
        """The rows under the heads, without what a page break put between them, and where they end."""
        body: list[Row] = []
        end = at
        while end < len(self.rows):
            row = self.rows[end]
            again = repeated_heads(self.rows, end, heads)
            if again:
                end += again
            elif is_page_number(row) or is_running_title(row, "".join(self.titles)):
                self.unplaced.append(row.full[0].text)
                end += 1
            elif self._ends_table(end) or _is_other_table(row, heads):
                break
            else:
                body.append(row)
                end += 1
        return body, end

    def _ends_table(self, at: int) -> bool:
        full = self.rows[at].full
        if not full:
            return False
        if title_of(self.rows[at]):
            return True
        first = full[0].text
        label = label_key(_before_colon(first))
        if label in vocabulary().totals or label in vocabulary().execution:
            below = self.rows[at + 1].full[:1] if at + 1 < len(self.rows) else []
            target = label in vocabulary().execution and any(parse(t.text).operator for t in below)
            return not self.rows[at].grid and len(full) == 1 and not target
        return (
            label in vocabulary().footers
            or label in vocabulary().notes
            or (len(full) == 1 and is_side(first) and self._heads_at(at + 1))
            or (is_label(first, "fields") and not is_label(first, "period"))
            or self._heads_at(at)
        )

    def _heads_at(self, at: int) -> bool:
        return at < len(self.rows) and find_heads(self.rows, at, None) is not None

    def _is_total(self, row: Row, heads: Heads) -> bool:
        """A row of totals is no indicator, nor is the budget's execution unless it stands among the names."""
        names = {c for s in heads.slots if s.role == "level3" for c in s.cols}
        if len(row.full) > 1 and row.full[0].ruled and row.full[0].colspan == 1 and row.full[0].col in names:
            return False
        first, v = label_key(row.full[0].text) if row.full else "", vocabulary()
        execution = first in v.execution and first not in v.level1 and first not in v.level2
        return first in v.totals or (execution and not _has_target(row, heads))

    def _header_findings(self, title: str | None, funds: Funds | None) -> list[Finding]:
        said = [*fields.several(self.header.fields, self.header.kinds), *doubtful_amounts(funds)]
        if not self.columns:  # without heads, pairs that no vocabulary knows may be rows of the table
            pairs = zip(self.header.fields, self.header.kinds, strict=True)
            unknown = [
                f
                for f, kind in pairs
                if kind == "unknown" or (f.label is None and not is_year_line(f.text or ""))
            ]
            texts = [" ".join(filter(None, (f.label, f.text))) for f in unknown]
            said += [finding("text-left-over", text=text) for text in (*texts, *self.header.spare)]
        if any(t.glued for row in self.rows for t in row.tokens):
            heads = [a.text for line in (funds.lines if funds else ()) for a in line.amounts.values()]
            printed = "".join(filter(None, [*heads, *(c.text for c in self.columns)]))
            said.append(finding("cells-glued", text=title, before=printed or None))
        return said if self.tables else [*said, finding("no-table", text=title)]

    def _swallowed(self, funds: Funds | None, goals: Sequence[Goal]) -> Iterator[Finding]:
        """Texts of the header that name a level in full: rows of the table may have run into them."""
        texts = [t for goal in goals for t in (goal.text, goal.actual)]
        texts += [a.text for line in (funds.lines if funds else ()) for a in line.amounts.values()]
        texts += [f.text for f in self.header.fields]
        names = [g.text for g in goals if g.text and len(g.text) <= _ONE_CELL and like_a_name(g.text)]
        for text in [*names, *filter(None, texts)]:
            if text in names or is_numbered(text) or lexicon().names_level(text):
                yield finding("text-left-over", text=text)

    def sheet(self) -> Sheet:
        funds, goals = self.header.finish()
        indicators, parted = split_weights(self.indicators, self.header.total)
        funds = fields.with_unit(funds, self.header.fields, self.header.kinds)
        title = "".join(self.titles) or None
        read = fields.named(self.header.fields, self.header.kinds, title)
        funds = with_year(funds, read.year)
        blank = not any(i.value or i.value_long or i.values or i.actual for i in self.indicators)
        blank = blank and not any(g.text for g in goals)
        return Sheet(
            kind="template" if blank else (kind_of(title) or fields.kind_by_columns(self.columns)),
            title=title,
            fiscal_year=read.year,
            project=read.project,
            department=read.department,
            agency=read.agency,
            attribute=read.attribute,
            period=read.period,
            fields=tuple(self.header.fields),
            funds=funds,
            goals=goals,
            columns=self.columns,
            indicators=tuple(indicators),
            findings=(
                *self.findings,
                *parted,
                *doubts(self.rows, self.records),
                *self._header_findings(title, funds),
                *several_goals(goals),
                *self._swallowed(funds, goals),
            ),
            unplaced=(*self.header.rest, *self.unplaced),
        )


def _has_target(row: Row, heads: Heads) -> bool:
    """Whether the row sets a target: a value with a sign, or in a table without results any but a number."""
    if any(parse(t.text).operator for t in row.full[1:]):
        return True
    if len(row.full) < 2 or {"actual", "score"} & {s.role for s in heads.slots}:
        return False
    said = parse(row.full[1].text)
    return said.shape == "range" or (said.shape == "number" and said.unit == "%")


def _is_other_table(row: Row, heads: Heads) -> bool:
    """Whether the row is of a table of one column, below one of many."""
    return (
        row.grid
        and len(row.tokens) == 1
        and row.tokens[0].ruled
        and row.tokens[0].colspan == 1
        and len(heads.slots) > 3
    )


def _inside(body: Sequence[Row], heads: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """The table's rows, and what stands below them: lines, and cells as wide as the whole table; in a ruled
    table the lines between its grids too.

    In text without rules a short line may be a row of one cell, so only what cannot be one stands outside.
    """
    both = [*heads, *body]
    if not any(r.grid for r in both):
        return list(body), []
    ruled = any(t.ruled for r in both for t in r.tokens[:1])
    last = max((k for k, r in enumerate(body) if r.grid), default=-1)
    end = next((k for k in range(len(body), 0, -1) if body[k - 1].grid and not _is_note(body[k - 1])), 0)
    stays = [(r.grid and k < end) or (not ruled and (k < last or _one_cell(r))) for k, r in enumerate(body)]
    return list(compress(body, stays)), list(compress(body, (not s for s in stays)))


def _is_note(row: Row) -> bool:
    """Whether the row is one cell over all columns, as forms print notes and signatures below the table."""
    if len(row.tokens) != 1:
        return False
    only = row.tokens[0]
    wide = only.ruled and only.colspan >= _WIDE and bool(only.text)
    return wide and not is_numbered(only.text) and not evidence(only.text).level1


def _one_cell(row: Row) -> bool:
    """A line that could be a row of the table whose other cells are empty."""
    return (
        len(row.full) == 1
        and evidence(row.full[0].text).as_name > NAME
        and len(row.full[0].text) <= _ONE_CELL
    )
