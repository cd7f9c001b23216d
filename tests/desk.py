"""What tests of the review desk begin with: a batch, and the desk of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from clerk import FIXTURES
from jixiao.batch.inputs import plan
from jixiao.batch.job import Order
from jixiao.batch.run import means, run
from jixiao.limits import Limits
from jixiao.review.app import application
from jixiao.review.security import Door
from jixiao.wish import Wish
from starlette.testclient import TestClient

SIX = FIXTURES / "six" / "sheets.txt"
CODES = str(FIXTURES / "codes" / "six.csv")
PORT = 8000
HOME = f"http://127.0.0.1:{PORT}"
TOKEN = "a-token-for-tests"
WHO = "王某（虚构）"
LOST = {
    "网络故障发生次数": "≤2次",
    "维护社会稳定": "有效维护",
    "符合法律相关规定": "100%",
    "信访工作及时性": "及时",
}


def batch(folder: Path, *sources: Path) -> Path:
    """The output folder of a batch of copies of these files; the copies stand beside it."""
    (folder / "in").mkdir(exist_ok=True)
    for source in sources or (SIX,):
        (folder / "in" / source.name).write_bytes(source.read_bytes())
    order = Order(to="json")
    planned = plan([str(folder / "in")], str(folder / "out"), "json")
    run(planned, order, lambda _outcome: None, executor="serial", means=means(order, planned, 1))
    return folder / "out"


def order(profile: str | None = None, limits: Limits | None = None) -> Order:
    return Order(to="json", wish=Wish(profile=profile, codes=(CODES,)), limits=limits or Limits())


@contextmanager
def desk(out: Path, *, given: Order | None = None, door: Door | None = None) -> Iterator[TestClient]:
    """A browser before the desk, not yet let in."""
    given = given or order()
    door = door or Door(token=TOKEN, port=PORT)
    planned = plan(["."], ".", "json")
    with application(out, given, door, means(given, planned, 1)) as app:
        anything: Any = app
        with TestClient(anything, base_url=HOME, headers={"origin": HOME}) as client:
            yield client


@contextmanager
def opened(out: Path, **more: Any) -> Iterator[TestClient]:
    """A browser that was let in."""
    with desk(out, **more) as client:
        assert client.get(f"/open?token={TOKEN}").status_code == 200
        client.post("/me", json={"who": WHO, "language": "en"})
        yield client


def base(client: Any, number: int = 0, ident: int = 1) -> str:
    """The version of a sheet, as its page has it."""
    page = client.get(f"/sheet/{ident}/{number}").text
    return page.partition('data-base="')[2].partition('"')[0]


def put(
    field: str, after: str | None, index: int | None = None, part: str | None = "indicators"
) -> dict[str, Any]:
    return {"field": field, "after": after, "index": index, "part": part}


def change(client: TestClient, number: int, *puts: dict[str, Any], seen: str | None = None) -> Any:
    """Send a change; the answer."""
    wanted = {"do": "change", "base": seen or base(client, number), "puts": puts}
    return client.post(f"/sheet/1/{number}", json=wanted)
