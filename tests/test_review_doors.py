"""The doors of the review desk: each is tried as somebody would who should not come in."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from clerk import FIXTURES
from desk import HOME, PORT, SIX, TOKEN, base, batch, change, desk, opened, order, put
from jixiao.limits import Limits
from jixiao.review.security import COOKIE, Door
from starlette.testclient import TestClient
from test_upload_cli import Run, jixiao

__all__ = ["jixiao"]

ADDRESSES = (
    "/",
    "/sheet/1/0",
    "/source/1",
    "/page/1/1",
    "/signed",
    "/report",
    "/drop",
    "/export?to=json",
    "/results.zip",
)
EVIL = "http://evil.example"


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return batch(tmp_path_factory.mktemp("desk"))


@pytest.fixture(scope="module")
def client(out: Path) -> Iterator[TestClient]:
    with opened(out) as found:
        yield found


@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_is_shown_without_the_token(out: Path, address: str) -> None:
    with desk(out) as stranger:
        answer = stranger.get(address)
        assert answer.status_code == 403 and "sheets" not in answer.text


@pytest.mark.parametrize("token", ["", "x", TOKEN + "x", TOKEN[:-1], "密"])
def test_a_wrong_token_opens_nothing(out: Path, token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jixiao.review.security.WAIT", 0.01)
    with desk(out) as stranger:
        answer = stranger.get("/open", params={"token": token})
        assert answer.status_code == 403 and "set-cookie" not in answer.headers
        assert stranger.get("/").status_code == 403


def test_the_session_is_a_cookie_that_no_script_and_no_other_site_has(out: Path) -> None:
    with desk(out) as stranger:
        answer = stranger.get("/open", params={"token": TOKEN}, follow_redirects=False)
        cookie = answer.headers["set-cookie"]
        assert answer.status_code == 303 and TOKEN not in cookie and TOKEN not in answer.headers["location"]
        assert {"HttpOnly", "SameSite=strict", "Path=/"} <= {part.strip() for part in cookie.split(";")}
        assert stranger.cookies[COOKIE]
    with desk(out) as other:
        other.cookies.set(COOKIE, "x" * 43)
        assert other.get("/").status_code == 403


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        f"evil.example:{PORT}",
        "127.0.0.1",
        "127.0.0.1:1",
        "",
        "[",
        f"127.0.0.1.evil.example:{PORT}",
    ],
)
def test_another_name_for_the_address_is_refused(client: TestClient, host: str) -> None:
    for address in ("/", f"/open?token={TOKEN}", "/static/desk.css"):
        assert client.get(address, headers={"host": host}).status_code == 421


@pytest.mark.parametrize("host", [f"localhost:{PORT}", f"127.0.0.1:{PORT}", f"[::1]:{PORT}"])
def test_its_own_names_are_not(client: TestClient, host: str) -> None:
    assert client.get("/static/desk.css", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "origin", [EVIL, "null", "", "http://127.0.0.1", f"https://127.0.0.1:{PORT}", f"http://localhost:{PORT}"]
)
@pytest.mark.parametrize("address", ["/sheet/1/0", "/sheet/1/0/sign", "/drop?to=json&name=a", "/me", "/open"])
def test_nothing_is_done_for_a_page_from_elsewhere(client: TestClient, address: str, origin: str) -> None:
    assert client.post(address, content=b"{}", headers={"origin": origin}).status_code == 403


def test_nothing_is_done_without_an_origin(out: Path) -> None:
    with opened(out) as client:
        del client.headers["origin"]
        assert client.post("/me", json={"who": "x"}).status_code == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_no_other_site_reads_anything(client: TestClient, site: str) -> None:
    assert client.get("/sheet/1/0", headers={"sec-fetch-site": site}).status_code == 403
    assert client.get("/", headers={"sec-fetch-site": "same-origin"}).status_code == 200


@pytest.mark.parametrize("address", [*ADDRESSES[:4], "/static/desk.js", "/nothing", f"/open?token={TOKEN}"])
def test_every_answer_says_what_a_browser_may_do(client: TestClient, address: str) -> None:
    headers = client.get(address, follow_redirects=False).headers
    policy = headers["content-security-policy"]
    assert (
        "default-src 'none'" in policy
        and "script-src 'self'" in policy
        and "frame-ancestors 'none'" in policy
    )
    assert "unsafe" not in policy and "data:" not in policy and "http" not in policy
    assert headers["x-content-type-options"] == "nosniff" and headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store" and "server" not in headers


def test_no_page_has_script_or_style_of_its_own(client: TestClient) -> None:
    for address in ("/", "/sheet/1/1", "/signed", "/report", "/drop"):
        text = client.get(address).text
        assert " style=" not in text and "<style" not in text and "javascript:" not in text
        assert all("src=" in part.partition(">")[0] for part in text.split("<script")[1:])
        assert "http://" not in text and "https://" not in text


def test_texts_of_a_source_are_texts(tmp_path: Path) -> None:
    nasty = "<img src=x onerror=alert(1)>"
    text = SIX.read_text("utf-8").replace("网络传输速率", nasty).replace("农村网络使用费", f"{nasty}费")
    (tmp_path / "six.txt").write_text(text, "utf-8")
    with opened(batch(tmp_path, tmp_path / "six.txt")) as client:
        assert change(client, 1, put("level3", nasty, 0)).status_code == 200
        for address in ("/", "/sheet/1/1", "/source/1", "/signed", "/report"):
            found = client.get(address).text
            assert "<img src=x" not in found
        assert "&lt;img" in client.get("/sheet/1/1").text


@pytest.mark.parametrize(
    "name",
    [
        "../../escaped.txt",
        "..\\..\\escaped.txt",
        "/etc/escaped.txt",
        "C:\\escaped.txt",
        "con",
        "",
        ".",
        "..",
        "a\x00b.txt",
        "<b>.txt",
        "长" * 300 + ".txt",
    ],
)
def test_file_names_are_never_trusted(out: Path, name: str, tmp_path: Path) -> None:
    before = {p for p in tmp_path.rglob("*") if "in" not in p.parts}
    with opened(out) as client:
        answer = client.post("/drop", params={"name": name, "to": "json"}, content=SIX.read_bytes())
        assert answer.status_code == 200
        link = answer.json()["html"].partition('href="')[2].partition('"')[0]
        got = client.get(link)
        assert got.status_code == 200 and got.headers["content-disposition"].startswith("attachment;")
        told = got.headers["content-disposition"].partition("''")[2]
        assert (
            "/" not in told
            and "%2F" not in told
            and "%5C" not in told
            and "%00" not in told
            and told.endswith(".json")
        )
        assert "<b>" not in answer.json()["html"].replace("<b>", "", 1)
    assert {p for p in tmp_path.rglob("*") if "in" not in p.parts} == before
    assert not list(out.parent.rglob("*escaped*"))


def test_what_is_dropped_stays_within_the_limits(out: Path) -> None:
    small = order(limits=Limits(size=10_000))
    with opened(out, given=small) as client:
        big = client.post("/drop", params={"name": "a.txt", "to": "json"}, content=b"x" * 10_001)
        assert big.status_code == 413 and "10000" in big.json()["said"]
    slow = order(limits=Limits(seconds=0.05))
    with opened(out, given=slow) as client:
        late = client.post(
            "/drop",
            params={"name": "a.pdf", "to": "json"},
            content=(FIXTURES / "pdf" / "sixty-chromium.pdf").read_bytes(),
        )
        assert late.status_code == 422 and late.json()["code"] == "limit-seconds"
        assert client.get("/").status_code == 200


def test_what_is_sent_is_small_and_understood(client: TestClient) -> None:
    assert client.post("/sheet/1/0", content=b"x" * 300_000).status_code == 413
    for wrong in (
        b"",
        b"[]",
        b"{",
        b'{"do": "destroy", "base": ""}',
        b'{"do": "change", "base": "", "more": 1}',
    ):
        assert client.post("/sheet/1/0", content=wrong).status_code == 400
    seen = base(client)
    for field in ("findings", "place", "source", "__class__", "nothing", "value.text"):
        assert change(client, 0, put(field, "x", 0), seen=seen).status_code == 422
    assert change(client, 0, put("value", "x", 999), seen=seen).status_code == 422
    assert change(client, 0, put("value", "x", -1), seen=seen).status_code == 400


@pytest.mark.parametrize(
    "address",
    [
        "/sheet/1/99",
        "/sheet/99/0",
        "/sheet/1/-1",
        "/page/1/1",
        "/result/x",
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/source/99",
        "/export?to=exe",
    ],
)
def test_what_is_not_there(client: TestClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 404 and "import" not in answer.text


def test_with_a_password_the_token_is_not_enough(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jixiao.review.security.WAIT", 0.01)
    door = Door(token=TOKEN, port=PORT, address="0.0.0.0", password="correct horse")
    with desk(out, door=door) as client:
        assert client.get("/open", params={"token": TOKEN}).status_code == 200
        assert client.get("/").status_code == 403
        for token, password in ((TOKEN, "wrong"), ("wrong", "correct horse"), (TOKEN, "")):
            given = {"token": token, "password": password, "who": "x"}
            assert client.post("/open", data=given).status_code == 403
            assert client.get("/").status_code == 403
        right = {"token": TOKEN, "password": "correct horse", "who": "王某"}
        assert client.post("/open", data=right).status_code == 200
        assert "王某" in client.get("/").text
        assert client.get("/", headers={"host": f"10.1.2.3:{PORT}"}).status_code == 200
        assert client.get("/", headers={"host": f"evil.example:{PORT}"}).status_code == 421


def test_another_address_needs_a_password(jixiao: Run, tmp_path: Path) -> None:
    batch(tmp_path)
    for given in (["--address", "0.0.0.0"], ["--address", "::"], ["--address", "evil.example"]):
        done = jixiao("review", "out", "--no-browser", *given)
        assert done.returncode == 2 and done.stdout == ""
    (tmp_path / "word").write_text("short\n")
    done = jixiao("review", "out", "--no-browser", "--address", "0.0.0.0", "--password-file", "word")
    assert done.returncode == 2 and "too short" in done.stderr
    assert HOME.startswith("http://127.0.0.1")


def test_files_are_opened_by_the_one_line_that_is_printed(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(SIX.read_bytes())
    command = [sys.executable, "-m", "jixiao", "review", "a.txt", "--no-browser"]
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "encoding": "utf-8"}
    with subprocess.Popen(command, cwd=tmp_path, **pipes) as server:
        assert server.stdout
        address = server.stdout.readline().strip()
        home, _open, token = address.partition("/open?token=")
        assert home.startswith("http://127.0.0.1:") and len(token) > 40
        with httpx2.Client(base_url=home, follow_redirects=True) as client:
            assert client.get("/").status_code == 403
            assert "a.txt" in client.get(f"/open?token={token}").text
            wanted = {"do": "change", "base": base(client, 1), "puts": [put("value", "≤2次", 1)]}
            assert client.post("/sheet/1/1", json=wanted, headers={"origin": home}).status_code == 200
        server.send_signal(signal.SIGINT)
        rest, told = server.communicate(timeout=20)
        assert (server.returncode, rest) == (0, "") and "Traceback" not in told
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["a.txt", "a.txt.fixes.json"]
