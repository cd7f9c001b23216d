"""Every finding that can be made, in one table: its code, how serious it is, what it says.

A message is one sentence what and one what to do. `{text}`, `{before}` and `{after}` are filled from the
finding. What is certain carries no finding of `warning` or more.
"""

from typing import NamedTuple

from jixiao.messages import gettext
from jixiao.model import Finding, Place, Severity


def N_(message: str) -> str:
    """Marks a message for the catalogue; it is translated when it is used."""
    return message


class Rule(NamedTuple):
    severity: Severity
    message: str


# fmt: off
FINDINGS: dict[str, Rule] = {
    # said by readers
    "hidden-left-out": Rule("info", N_("Hidden part {text} was left out. Show it in the source if it belongs to the sheet.")),
    "control-character": Rule("info", N_("Characters that no text may hold were dropped near {text}. Check the spot in the source.")),
    "html-fragment": Rule("info", N_("HTML tags in the text were taken as mark-up: {text}.")),
    "tracked-change": Rule("info", N_("Tracked changes were read as accepted. Check them if they are not meant to be.")),
    "broken-font": Rule("warning", N_("The file's font does not say which characters it shows near {text}. Convert a scan of the page instead.")),
    "page-without-text": Rule("warning", N_("Page {text} is a picture without text. Read it with the OCR extra: pip install jixiao[ocr].")),
    "page-outlined": Rule("warning", N_("Page {text} draws its text as outlines and holds no characters. Save the page as a picture and convert that.")),
    "columns-by-place": Rule("warning", N_("The table on page {text} has no drawn lines; its cells were told by where the words stand. Compare the page with the source.")),
    "page-by-ocr": Rule("info", N_("Page {text} holds no text that its file names; it was read from its picture.")),
    "rules-mended": Rule("warning", N_("Lines of the table on page {text} were broken and have been closed. Compare the table with the source.")),
    "rules-not-found": Rule("warning", N_("The lines of the table on page {text} do not fit its text; cells were told by where the text stands. Compare the page with the source.")),
    "bad-character": Rule("warning", N_("Bytes that are no text in the file's encoding stand near {text}. Check the spot in the source.")),
    "part-not-read": Rule("warning", N_("An embedded part of the file ({text}) cannot be read. Open it and save its content as a file of its own.")),
    "picture-not-read": Rule("info", N_("Pictures in the file were not read ({text}). If a picture shows the sheet, convert the picture.")),
    "pages-joined": Rule("info", N_("A table that goes on over pages {text} was joined.")),
    "head-repeated": Rule("info", N_("A table's head that repeats at the top of a page was taken once: {text}.")),
    "cell-over-pages": Rule("warning", N_("A cell cut by a page break was put together: {after}. Compare it with the source.")),
    "text-cut-off": Rule("warning", N_("The page cuts off {text}: it does not fit its cell. Make the cell larger in the source and print it anew.")),
    "text-over-rule": Rule("warning", N_("The text {text} is printed over a rule into the next cell; it was read as one cell's. Compare it with the source.")),
    "readings-differ": Rule("warning", N_("Two readings of the page differ at “{text}”: “{before}” or “{after}”. Compare it with the source.")),
    "radical-mapped": Rule("info", N_("The file's font writes radicals for characters; they were taken as the characters they look like: {text}.")),
    "stale-formula": Rule("warning", N_("Formula {text} has no stored result. Open the workbook, let it calculate, save, and convert again.")),
    "doubtful-formula": Rule("warning", N_("The stored result of formula {text} may be out of date: its workbook asks for a new calculation. Open it, save it, and convert again.")),
    "number-format": Rule("warning", N_("The number format {before} of cell {text} cannot be shown; the cell was read as {after}. Compare it with the source.")),
    "digits-not-shown": Rule("warning", N_("Cell {text} holds {before} and shows {after}. Give it a number format that shows every digit, or store codes as text.")),
    # said of plugins
    "changed-by-filter": Rule("info", N_("The plugin {text} changed what was read.")),
    "check-failed": Rule("warning", N_("The check {before} broke ({text}), and what it looks for was not looked for. Update it, or leave it out with --no-plugin.")),
    # said by checks
    "weights-sum": Rule("warning", N_("The weights add up to {text}, not to 100, or 90 beside the execution of the budget. Compare them with the source.")),
    "funds-sum": Rule("warning", N_("The lines of the funds add up to {after}, the total says {before} ({text}). Compare them with the source.")),
    # said by interpret
    "cell-shifted": Rule("warning", N_("“{text}” stands in another column than its own; it was read as {after}. Compare the row with the source.")),
    "doubtful-character": Rule("warning", N_("Hard to read: “{text}”. Compare it with the source.")),
    "value-missing": Rule("warning", N_("The source has no value for {text}. Fill it in.")),
    "name-missing": Rule("warning", N_("The value {text} has no indicator name. Fill it in.")),
    "level1-mismatch": Rule("warning", N_("The source prints {before} over indicators that belong to {after}; {after} was set. Check the first level.")),
    "level-misread": Rule("info", N_("“{before}” was taken for {after}: recognition confuses characters that look alike.")),
    "level1-inferred": Rule("warning", N_("The source prints no first level for {text}; {after} was set by the second level. Check it.")),
    "cells-glued": Rule("warning", N_("The source prints the cells of {text} without separators; where each ends was worked out. Check the row.")),
    "weight-parted": Rule("warning", N_("The number {before} of {text} was parted into value and weight as {after}, which gives the printed total. Check it.")),
    "doubtful-name": Rule("warning", N_("The name “{text}” looks like a value. Compare the row with the source.")),
    "unnamed-column": Rule("warning", N_("No head names the column of {text}; it was read as {after}. Check it.")),
    "row-short": Rule("warning", N_("The row of {text} has no {before}, which nearly all rows have; a cell may be lost and the others moved. Compare the row with the source.")),
    "doubtful-row": Rule("warning", N_("It is not sure which indicator “{text}” belongs to. Compare the row with the source.")),
    "level-unknown": Rule("warning", N_("“{text}” stands as a level but is no level that is known. Compare the row with the source.")),
    "no-table": Rule("warning", N_("No indicator table was found in the sheet {text}. Compare it with the source.")),
    "ocr-misread": Rule("warning", N_("{before} is impossible for {text}; it was taken for {after}, its sign misread as 2. Compare it with the source.")),
    "digits-misread": Rule("warning", N_("{before} of {text} was taken for {after}, letters misread for digits. Compare it with the source.")),
    "several-named": Rule("warning", N_("The header names {after} and also {text} in the same part; {after} was taken. Check which is meant.")),
    "level-missing": Rule("warning", N_("The source prints no level for {text}. Fill it in.")),
    "level-blank": Rule("warning", N_("The level cell beside {text} is empty where the form prints one; the level above was taken. Check it.")),
    "doubtful-amount": Rule("warning", N_("“{text}” stands as an amount beside {before} but is no number. Compare it with the source.")),
    "level-doubtful": Rule("warning", N_("Cells of a row above {text} moved left, and a level may be lost there; {after} was taken on. Check the level.")),
    "doubtful-reading": Rule("warning", N_("“{text}” was read as {after}, but could be {before}. Compare the row with the source.")),
    "text-left-over": Rule("warning", N_("The text {text} in the indicator table belongs to no indicator. Check the spot in the source.")),
    "mark-left-out": Rule("info", N_("The mark {text} before an indicator's name was left out of the name.")),
    "kind-of-value": Rule("info", N_("{text} says the kind of the value and was left out of it.")),
    "no-sheet": Rule("error", N_("No budget-performance sheet was found. Check that this is the right file.")),
    # said by profiles
    "kind-differs": Rule("error", N_("The sheet is of kind {before}; the profile is for {after}. Choose the profile that is meant for it.")),
    "sheet-twice": Rule("warning", N_("Another sheet in the file has the same codes and year as {text}. Check that it does not stand there twice.")),
    "record-missing": Rule("error", N_("The sheet {text} has no {before}, of which the profile requires one. Fill it in.")),
    "field-missing": Rule("error", N_("“{text}” has no {before}, which the profile requires. Fill it in, or give it with --set or in a code table.")),
    "field-too-long": Rule("error", N_("{before} holds {after}: “{text}”. Shorten it in the source.")),
    "field-type": Rule("error", N_("{before} must look like {after}, and “{text}” does not. Correct it in the source.")),
    "field-character": Rule("error", N_("{before} holds a character that XML cannot hold: “{text}”. Remove it in the source.")),
    "field-expected": Rule("warning", N_("The number {text} ({after}) has no {before}. Fill it in if it has one.")),
    "code-missing": Rule("error", N_("No code for {before}: no table of kind {after} has “{text}”. Add it to a code table, and give that with --codes.")),
    "code-near": Rule("error", N_("No code for {before}: no table has “{text}”; near it are: {after}. Correct the name, or add it to the code table as an alias.")),
    "code-left-out": Rule("warning", N_("{before} is left out: no table of kind {after} has “{text}”. Give a code table with --codes if the system wants it.")),
    "no-code-table": Rule("info", N_("{before} is left out: there is no code table of kind {text}. Give one with --codes if the system wants it.")),
    "code-ambiguous": Rule("error", N_("{before} is not sure: “{text}” has the codes {after}. Say in the code table under which parent each stands.")),
    "code-parent": Rule("error", N_("{before} does not fit: in the code tables “{text}” does not stand under {after}. Correct the level, or the code table.")),
    "code-differs": Rule("warning", N_("The sheet prints code {before} for “{text}”, the code table has {after}; the table's was taken. Check it.")),
    "code-printed": Rule("warning", N_("The code {after} of “{text}” is the one that the sheet prints; no code table has it. Check it.")),
    "code-of-another": Rule("warning", N_("The sheet prints code {before} for “{text}”, and the code table has it for {after}; it was taken. Check which is right.")),
    "set-differs": Rule("warning", N_("--set gives {text} for {before}, the sheet {after}; the sheet's was taken. Check which is right.")),
    "value-left-out": Rule("warning", N_("The profile has no place for {before}; this is left out: {text}. Check that it is not needed.")),
    "text-left-out": Rule("info", N_("The profile has no place for {before}; this is left out: {text}.")),
    "schema-refused": Rule("error", N_("The profile's schema refuses the output: {text}. Correct the sheet or the profile.")),
    "parts-differ": Rule("error", N_("The value {before} and its sign, number and unit ({after}) differ. Correct the one that is wrong.")),
    # said where people have corrected what was read
    "corrected": Rule("info", N_("Corrected by hand: {before} became {after} ({text}).")),
    "filled-in": Rule("info", N_("Filled in by hand: {after} ({text}).")),
    "taken-out": Rule("info", N_("Taken out by hand: {before} ({text}).")),
    "row-added": Rule("info", N_("Row added by hand: {after} ({text}).")),
    "row-removed": Rule("info", N_("Row taken out by hand: {before} ({text}).")),
    "confirmed": Rule("info", N_("Confirmed by hand: {after} ({text}).")),
    "correction-not-made": Rule("error", N_("A correction ({text}: {before}) was not made, since {after} is read there now. Correct it anew, or remove it from the file of corrections.")),
    "corrections-stale": Rule("error", N_("The source has changed since it was corrected; none of its {text} corrections was made. Correct it anew; the old ones are then set aside.")),
    "profile-read": Rule("info", N_("The file was read by profile {text}, which has no place for some parts of a sheet.")),
}
# fmt: on


def finding(
    code: str,
    *,
    indicator: int | None = None,
    text: str | None = None,
    before: str | None = None,
    after: str | None = None,
    place: Place | None = None,
) -> Finding:
    """A finding of a code in FINDINGS, its message in the user's language. Raises KeyError for another code."""
    rule = FINDINGS[code]
    said = gettext(rule.message).format(text=text or "", before=before or "", after=after or "")
    return Finding(
        code=code, severity=rule.severity, message=said, indicator=indicator,
        text=text, before=before, after=after, place=place,
    )  # fmt: skip


def said(one: Finding) -> str:
    """The message in the language of who looks at it now; one that a plugin has words of its own for as it
    was said."""
    if one.code not in FINDINGS:
        return one.message
    return finding(one.code, text=one.text, before=one.before, after=one.after).message
