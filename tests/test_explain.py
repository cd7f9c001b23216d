"""jixiao explain: the table in the terminal."""

import os
import subprocess
import sys
from pathlib import Path

from clerk import FIXTURES

WILD = FIXTURES / "wild"


def explain(*args: str | Path, **env: str) -> subprocess.CompletedProcess[bytes]:
    plain = {
        k: v for k, v in os.environ.items() if k not in ("JIXIAO_LANG", "FORCE_COLOR", "PYTHONIOENCODING")
    }
    return subprocess.run(
        [sys.executable, "-m", "jixiao", "explain", *map(str, args)],
        capture_output=True,
        env=plain | {"PYTHONUTF8": "1", **env},
        timeout=60,
    )


def test_every_cell_with_what_it_was_taken_for_and_what_else_it_could_be() -> None:
    run = explain(WILD / "29_hebei_ningjin_pingjia_2019.txt")
    out = run.stdout.decode()
    assert run.returncode == 0
    assert "210010 → 目标值 (分值" in out
    assert "parted into value and weight as 2100 | 10" in out
    assert "\x1b[" not in out


def test_colour_where_it_is_asked_for() -> None:
    run = explain(WILD / "29_hebei_ningjin_pingjia_2019.txt", FORCE_COLOR="1", TERM="xterm")
    assert b"\x1b[" in run.stdout


def test_in_the_users_language_on_a_console_of_gbk() -> None:
    run = explain(
        WILD / "21_shaanxi_chencang_template_2020.txt",
        JIXIAO_LANG="zh_CN",
        PYTHONUTF8="0",
        PYTHONIOENCODING="gbk",
    )
    assert run.returncode == 0
    assert "提示" in run.stdout.decode("gbk")


def test_what_cannot_be_explained_is_one_sentence() -> None:
    for name in ("17_ningxia_tongxin_prose_2023.txt", "17_ningxia_tongxin_prose_2023.truth.json", "none.txt"):
        run = explain(WILD / name)
        assert run.returncode == 1
        assert run.stderr.count(b"\n") == 1
        assert b"Traceback" not in run.stderr
