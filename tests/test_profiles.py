"""Profiles from the outside: what is written is what the sheet says, and what does not fit is told."""

import io
import subprocess
import sys
from pathlib import Path
from random import Random

import msgspec
import pytest
from clerk import FIXTURES
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jixiao import installed
from jixiao.batch.upload import Uploader, refused
from jixiao.convert import read
from jixiao.errors import JixiaoError
from jixiao.model import Goal, Indicator, Kind, Party, Reading, Sheet, Term, Value, content
from jixiao.profiles import Faulty, folders, known, load, load_folder, without, xsd
from jixiao.testkit import make_sheet
from jixiao.wish import Wish
from lxml import etree

CODES = str(FIXTURES / "codes" / "six.csv")
SET = {
    "MOF_DIV_CODE": "999901000",
    "MOF_DIV_NAME": "虚构县",
    "PRO_CODE": "P1",
    "AGENCY_CODE": "A1",
    "DEPT_CODE": "D1",
}
PROFILES = sorted(folders())
KINDS: dict[str, Kind] = {"pm-perf": "target", "bgt-perf": "department", "self-eval": "self-evaluation"}
every_profile = pytest.mark.parametrize("mark", PROFILES)
quickly = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def uploader(mark: str, *, draft: bool = True, encoding: str | None = None, codes: str = CODES) -> Uploader:
    profile = load(mark).profile
    columns = {name for record in profile.records for name in profile.of(record)}
    values = tuple((name, text) for name, text in SET.items() if name in columns)
    return Uploader(Wish(profile=mark, codes=(codes,), values=values, draft=draft, encoding=encoding))


def written(up: Uploader, *sheets: Sheet, to: str = "xml") -> bytes:
    out = io.BytesIO()
    up.write(sheets, to, out)
    return out.getvalue()


def codes_of(up: Uploader, severity: str = "error") -> list[str]:
    return [f.code for _sheet, f in up.findings if f.severity == severity]


def good(mark: str = "pm-perf", **changes: object) -> Sheet:
    """A sheet that every profile of its kind takes."""
    one = Indicator(
        level1=Term(term="产出指标"), level2=Term(term="数量指标"), level3="会议次数",
        value=Value(text="≥2次", operator="≥", number="2", unit="次"),
    )  # fmt: skip
    sheet = Sheet(
        kind=KINDS[mark.partition("@")[0]], fiscal_year=2022, project=Party(name="会议费"),
        department=Party(name="某局"), agency=Party(name="某局"), goals=(Goal(text="开好会议"),),
        indicators=(one,),
    )  # fmt: skip
    return msgspec.structs.replace(sheet, **changes)


def with_indicator(sheet: Sheet, **changes: object) -> Sheet:
    return msgspec.structs.replace(
        sheet, indicators=(msgspec.structs.replace(sheet.indicators[0], **changes),)
    )


@every_profile
@pytest.mark.parametrize("to", ["xml", "xlsx"])
@quickly
@given(rng=st.randoms(use_true_random=False))
def test_out_and_back_is_the_same_less_what_is_declared(mark: str, to: str, rng: Random) -> None:
    sheet = make_sheet(rng)
    up = uploader(mark)
    made = written(up, sheet, to=to)
    losses, sheets = load(mark).profile.losses, read(made).sheets
    if not sheets:  # without any goal or indicator there is no record to come back from, and that is told
        assert "record-missing" in codes_of(up) and not sheet.goals and not sheet.indicators
        return
    assert [without(content(s), losses) for s in sheets] == [without(content(sheet), losses)]


@every_profile
@quickly
@given(rng=st.randoms(use_true_random=False))
def test_what_is_written_without_errors_is_valid(mark: str, rng: Random) -> None:
    up = uploader(mark, draft=False)
    made = written(up, msgspec.structs.replace(make_sheet(rng, indicators=3), kind=good(mark).kind))
    schema = etree.XMLSchema(etree.fromstring(load(mark).xsd))
    assert codes_of(up) or schema.validate(etree.fromstring(made)), schema.error_log


@every_profile
def test_a_whole_sheet_is_taken(mark: str) -> None:
    up = uploader(mark, draft=False)
    made = written(up, good(mark))
    assert codes_of(up) == []
    etree.XMLSchema(etree.fromstring(load(mark).xsd)).assertValid(etree.fromstring(made))
    assert b'verified="false"' in made and "UNVERIFIED" in made.decode()


@every_profile
@given(data=st.data())
@quickly
def test_what_does_not_fit_is_always_told(mark: str, data: st.DataObject) -> None:
    """A text one too wide in characters or in bytes, of a wrong shape, or missing: each with its field."""
    loaded = load(mark)
    record = data.draw(st.sampled_from(sorted(loaded.records)))
    names = [
        n for n, c in loaded.records[record].items() if c.path and c.root != "id" and not (c.codes or c.map)
    ]
    name = data.draw(st.sampled_from(names))
    column = loaded.records[record][name]
    faults = ["wide", "bytes"] + ["missing"] * column.required + ["shape"] * (column.shape is not None)
    fault = data.draw(st.sampled_from(faults))
    text = {
        "wide": "1" * (column.width + 1),
        "bytes": "字" * (column.most_bytes // 2 + 1),
        "shape": "非",
        "missing": "",
    }
    sheet = put(good(mark), column.path or "", text[fault])
    if sheet is None:
        return
    up = uploader(mark, draft=False)
    written(up, sheet)
    told = [f for _n, f in up.findings if f.severity == "error" and name in (f.before or "")]
    assert told, (fault, up.findings)
    assert all((f.text or "").startswith(text[fault]) for f in told if fault in ("wide", "bytes", "shape"))


def put(sheet: Sheet, path: str, text: str) -> Sheet | None:
    """The sheet with that text at that path; None where the path holds no text."""
    plain = msgspec.to_builtins(sheet)
    root, *steps = path.split(".")
    item = plain if root == "sheet" else plain[f"{root}s"][0]
    for step in steps[:-1]:
        item[step] = item.get(step) or {}
        item = item[step]
    item[steps[-1]] = text or None
    try:
        return msgspec.convert(plain, Sheet)
    except msgspec.ValidationError:
        return None


@quickly
@given(name=st.text(st.characters(codec="utf-8", categories=["L"]), min_size=1, max_size=8))
def test_a_name_without_a_code_is_always_told(name: str) -> None:
    up = Uploader(Wish(profile="pm-perf", codes=(CODES,), values=(("MOF_DIV_CODE", "999901000"),)))
    written(up, good(agency=Party(name=f"{name}处"), project=Party(name="业务运行费")))
    assert [f for _n, f in up.findings if f.severity == "error" and f.text == f"{name}处"]


def test_a_near_name_is_never_taken() -> None:
    up = Uploader(Wish(profile="pm-perf", codes=(CODES,)))
    made = written(up, good(agency=Party(name="盐池县信访局局"), project=Party(name="业务运行费")))
    (near,) = (f for _n, f in up.findings if f.code == "code-near")
    assert near.after == "盐池县信访局" and b"902001" not in made


def test_an_alias_and_a_printed_code() -> None:
    up = Uploader(Wish(profile="pm-perf", codes=(CODES,), draft=True))
    made = written(
        up,
        good(agency=Party(name="盐池县政府办"), project=Party(name="新项目", code="51000021R000000019951")),
    )
    assert b"<AGENCY_CODE>901001<" in made and b"<MOF_DIV_CODE>999901000<" in made
    assert b"<PRO_CODE>51000021R000000019951<" in made and "code-printed" in codes_of(up, "warning")


@pytest.mark.parametrize("to", ["xml", "xlsx"])
@pytest.mark.parametrize(
    "text", ["<甲> & 乙", "=1+1", "<r>甲</r>", "_x000D__x0041_", "甲]]>乙", "@甲", "007"]
)
def test_texts_that_formats_could_take_for_something_else(to: str, text: str) -> None:
    sheet = with_indicator(good(), remark=text, level3=f"{text}次数")
    (back,) = read(written(uploader("pm-perf"), sheet, to=to)).sheets
    assert (back.indicators[0].remark, back.indicators[0].level3) == (text, f"{text}次数")


@pytest.mark.parametrize("to", ["xml", "xlsx"])
def test_a_character_that_no_file_can_hold_stops_a_draft_too(to: str) -> None:
    with pytest.raises(JixiaoError) as caught:
        written(uploader("pm-perf"), with_indicator(good(), remark="甲\x01"), to=to)
    assert caught.value.code == "illegal-character"
    up = uploader("pm-perf", draft=False)
    written(up, with_indicator(good(), remark="甲\x01"), to=to)
    assert codes_of(up) == ["field-character"]


def test_a_printed_code_that_is_another_ones_is_told() -> None:
    up = uploader("pm-perf")
    written(up, good(agency=Party(name="别局", code="901001")))
    (told,) = (f for _n, f in up.findings if f.code == "code-of-another")
    assert (told.text, told.before, told.after) == ("别局", "901001", "盐池县人民政府办公室")


def test_a_setting_that_the_sheet_contradicts_is_told() -> None:
    up = Uploader(Wish(profile="pm-perf", codes=(CODES,), values=(("FISCAL_YEAR", "2023"),)))
    assert b"<FISCAL_YEAR>2022<" in written(up, good())
    assert [f.text for _n, f in up.findings if f.code == "set-differs"] == ["2023"]


def test_identifiers_are_of_the_content_alone() -> None:
    made = written(uploader("pm-perf"), good())
    moved = with_indicator(good(), confidence=0.3, remark="另行说明")
    root, other = etree.fromstring(made), etree.fromstring(written(uploader("pm-perf"), moved))
    assert [e.text for e in root.iter("{*}KPI_ID")] == [e.text for e in other.iter("{*}KPI_ID")]
    assert made == written(uploader("pm-perf"), good())
    twice = msgspec.structs.replace(good(), indicators=good().indicators * 2)
    ids = [e.text for e in etree.fromstring(written(uploader("pm-perf"), twice, twice)).iter("{*}KPI_ID")]
    assert len(set(ids)) == len(ids) == 4 and all(len(i or "") == 32 for i in ids)


def test_a_level_under_another_is_told() -> None:
    up = uploader("pm-perf")
    written(up, with_indicator(good(), level1=Term(term="效益指标")))
    assert codes_of(up) == ["code-parent"]


def test_values_stand_merged_and_split() -> None:
    made = etree.fromstring(written(uploader("pm-perf"), good()))
    texts = {etree.QName(e).localname: e.text for e in made.iter() if isinstance(e.tag, str)}
    assert texts["KPI_VAL"] == "≥2次" and (texts["INDEXVAL"], texts["METERUNIT"]) == ("2", "次")
    assert (texts["COMPUTESIGN"], texts["COMPUTESIGN_NAME"]) == ("S2", "≥")


def test_a_value_changed_beside_its_parts_is_told() -> None:
    made = written(uploader("pm-perf"), good()).replace("≥2次".encode(), "≥3次".encode())
    assert [f.code for f in read(made).sheets[0].findings] == ["parts-differ"]


def test_gb18030_says_the_same() -> None:
    made = written(uploader("pm-perf", encoding="gb18030"), good())
    assert "会议次数".encode("gb18030") in made
    assert read(made).sheets == read(written(uploader("pm-perf"), good())).sheets


SIX = FIXTURES / "six" / "sheets.txt"


@pytest.fixture(scope="module")
def six() -> Reading:
    return read(SIX.read_bytes())


def test_the_four_lost_values_stop_the_six_sheets(six: Reading) -> None:
    up = Uploader(Wish(profile="pm-perf", codes=(CODES,)))
    written(up, *six.sheets)
    told = [(f.code, f.text) for _n, f in up.findings if f.severity == "error"]
    lost = ["网络故障发生次数", "维护社会稳定", "符合法律相关规定", "信访工作及时性"]
    assert told == [("value-missing", name) for name in lost]


@pytest.mark.needs("xmllint")
def test_filled_in_they_are_valid(six: Reading, tmp_path: Path) -> None:
    filled = [
        msgspec.structs.replace(
            sheet,
            indicators=tuple(
                i if i.value else msgspec.structs.replace(i, value=Value(text="符合"))
                for i in sheet.indicators
            ),
        )
        for sheet in six.sheets
    ]
    up = Uploader(Wish(profile="pm-perf", codes=(CODES,)))
    path = tmp_path / "six.xml"
    path.write_bytes(written(up, *filled))
    assert codes_of(up) == []
    schema = folders()["pm-perf@2.0"] / "profile.xsd"
    subprocess.run(
        ["xmllint", "--noout", "--schema", schema, path], check=True, capture_output=True, timeout=60
    )


@every_profile
def test_the_schema_is_that_of_the_profile(mark: str) -> None:
    folder = folders()[mark]
    assert (folder / "profile.xsd").read_text("utf-8") == xsd(load(mark).profile), "run: make schemas"


BASE = 'parent = "pm-perf@2.0"\nname = "x"\nversion = "1"\ntitle = "x"\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (BASE + '[codes]\nfiles = ["none.csv"]\n', "the code table none.csv is missing"),
        (BASE + 'colour = "red"\n', "unknown field `colour`"),
        (BASE.replace("pm-perf@2.0", "../x"), "in a circle"),
        (BASE.replace("pm-perf@2.0", "../nowhere"), "is nowhere"),
        (BASE + '[columns]\nKPI_VAL = { codes = "colour" }\n', "needs the code table colour"),
        (BASE + '[columns]\nKPI_VAL = { from = "indicator.colour" }\n', "which no sheet has"),
        (BASE + "losses = []\n", "indicator.score is neither written nor named in losses"),
        (BASE + '[columns]\nKPI_VAL = { pattern = "[" }\n', "the pattern of KPI_VAL"),
        ("name = ", "cannot be read"),
    ],
)
def test_each_fault_of_a_profile_is_one_sentence(tmp_path: Path, text: str, said: str) -> None:
    folder = tmp_path / "x"
    folder.mkdir()
    (folder / "profile.toml").write_text(text, "utf-8")
    with pytest.raises(Faulty) as caught:
        load_folder(folder)
    assert any(said in fault for fault in caught.value.faults), caught.value.faults


def test_a_plugin_brings_profiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "county_profiles" / "x" / "1"
    folder.mkdir(parents=True)
    (folder / "profile.toml").write_text(BASE, "utf-8")
    (tmp_path / "county_profiles" / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    about = tmp_path / "county-1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: county\nVersion: 1\n")
    (about / "entry_points.txt").write_text("[jixiao.profiles]\ncounty = county_profiles\n")
    monkeypatch.setattr(installed, "found", installed.found.__wrapped__)  # what is not remembered
    assert folders()["x@1"] == folder and known("x@1").profile.mark == "x@1"


def test_a_schema_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "profile.toml").write_text(BASE, "utf-8")
    (tmp_path / "profile.xsd").write_text("<schema/>", "utf-8")
    with pytest.raises(Faulty, match="no XML Schema"):
        load_folder(tmp_path)


def test_a_schema_of_ones_own_is_obeyed(tmp_path: Path) -> None:
    (tmp_path / "profile.toml").write_text(BASE, "utf-8")
    own = xsd(load_folder(tmp_path).profile).replace('maxLength value="1000"', 'maxLength value="2"')
    (tmp_path / "profile.xsd").write_text(own, "utf-8")
    up = uploader(str(tmp_path))
    written(up, good())
    assert codes_of(up) == ["schema-refused"]


@quickly
@given(rng=st.randoms(use_true_random=False))
def test_what_the_schema_refuses_is_told_wherever_it_stands(rng: Random) -> None:
    """The schema is asked without a tree; a tree of the same bytes, checked by it, must say the same."""
    made = written(uploader("pm-perf"), *(good(fiscal_year=year) for year in range(1990, 2020)))
    elements = made.split(b"\n")
    at = rng.randrange(len(elements))
    elements[at] = rng.choice((b"", elements[at] * 2, elements[at].replace(b">", b">" + b"x" * 40, 1)))
    changed, loaded = b"\n".join(elements), load("pm-perf")
    try:
        root = etree.fromstring(changed)
    except etree.XMLSyntaxError:
        accepted = False
    else:
        accepted = etree.XMLSchema(etree.fromstring(loaded.xsd)).validate(root)
    assert (refused(loaded, io.BytesIO(changed)) is None) is accepted
    assert refused(loaded, io.BytesIO(made)) is None


SHEET = (
    '<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" {}>{}</xsl:stylesheet>'
)
SPACE = 'xmlns:p="urn:jixiao:profile:pm-perf:2.0"'
OUT = SHEET.format(
    SPACE,
    '<xsl:template match="/p:root"><MOF version="{@version}"><xsl:copy-of select="p:data"/></MOF>'
    "</xsl:template>",
)
BACK = SHEET.format(
    "",
    '<xsl:template match="/MOF"><root profile="x" version="{@version}"><header/>'
    '<xsl:copy-of select="*"/></root></xsl:template>',
)


def test_a_stylesheet_each_way(tmp_path: Path) -> None:
    (tmp_path / "profile.toml").write_text(BASE, "utf-8")
    (tmp_path / "out.xsl").write_text(OUT, "utf-8")
    (tmp_path / "back.xsl").write_text(BACK, "utf-8")
    made = written(uploader(str(tmp_path)), good())
    assert etree.fromstring(made).tag == "MOF" and b"UNVERIFIED" in made
    (back,) = read(made, profile=str(tmp_path)).sheets
    losses = load("pm-perf").profile.losses
    assert without(content(back), losses) == without(content(good()), losses)
    assert read(SIX.read_bytes(), profile=str(tmp_path)).sheets == read(SIX.read_bytes()).sheets


@pytest.mark.parametrize("name", ["out.xsl", "back.xsl"])
def test_a_stylesheet_that_is_none(tmp_path: Path, name: str) -> None:
    (tmp_path / "profile.toml").write_text(BASE, "utf-8")
    (tmp_path / name).write_text("<a/>", "utf-8")
    with pytest.raises(Faulty, match="no XSLT stylesheet"):
        load_folder(tmp_path)


def test_a_stylesheet_reaches_no_file(tmp_path: Path) -> None:
    (tmp_path / "profile.toml").write_text(BASE, "utf-8")
    (tmp_path / "other.xml").write_text("<secret/>", "utf-8")
    reach = f"<a><xsl:copy-of select=\"document('{(tmp_path / 'other.xml').as_uri()}')\"/></a>"
    (tmp_path / "out.xsl").write_text(
        SHEET.format("", f'<xsl:template match="/">{reach}</xsl:template>'), "utf-8"
    )
    try:
        assert b"secret" not in written(uploader(str(tmp_path)), good())
    except JixiaoError as error:
        assert error.code == "transform"


@pytest.mark.slow
def test_ten_thousand_sheets_stream(tmp_path: Path) -> None:
    """In a process of its own, whose most memory is measured."""
    script = """
import re, sys, tempfile
from pathlib import Path
from random import Random
from jixiao.batch.upload import Uploader, refused
from jixiao.wish import Wish
from jixiao.testkit import make_sheet
up = Uploader(Wish(profile="pm-perf", codes=(sys.argv[1],), draft=True), keep=False)
rng = Random(1)
with tempfile.TemporaryFile() as out:
    up.write((make_sheet(rng, 12) for _ in range(10_000)), "xml", out)
    size = out.seek(0, 2)
peak = re.findall(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())  # its own, not its parent's
print(up.sheets, size, int(peak[0]) // 1024)
"""
    done = subprocess.run(
        [sys.executable, "-c", script, CODES], check=True, capture_output=True, text=True, timeout=600
    )
    sheets, size, memory = map(int, done.stdout.split())
    assert sheets == 10_000 and size > 50_000_000 and memory < 200, done.stdout
