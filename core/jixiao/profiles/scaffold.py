"""A profile of one's own to begin with: its parent's, with what may be changed shown as comments."""

from pathlib import Path

from jixiao import output
from jixiao.errors import BadUsage
from jixiao.messages import gettext as _
from jixiao.profiles.load import FILE, load_folder, locate

TEXT = """\
# A profile of your own. All that it does not say is as in its parent; docs/profiles.md explains every key.
# Ask the finance department for the real names, widths and codes, and say below where each is from.
name = "{name}"
version = "1.0"
title = "{title}"
parent = "{parent}"
fact = "ours"

[facts.ours]
source = "say here which document or person says so"
verified = false

[envelope]
namespace = "urn:jixiao:profile:{name}:1.0"

# Code tables beside this file, used without --codes:
# [codes]
# files = ["codes.csv"]

# A column of the parent is changed by what differs; a new one also needs its place in [records].
# [columns]
# KPI_TARGET = {{ width = 2000, bytes = 4000 }}
# VERSION = {{ value = "1" }}
"""


def scaffold(folder: Path, parent: str) -> Path:
    """Make the folder and its profile.toml. Raises BadUsage where it is there already."""
    made = text(folder.name, parent)
    if folder.exists():
        raise BadUsage(
            "there-already",
            _("{path} is there already.").format(path=folder),
            _("Choose another name."),
        )
    output.write(folder / FILE, made.encode(), parents=True)
    return folder / FILE


def text(name: str, parent: str) -> str:
    """The profile.toml of that name. Raises as load_folder for a parent that there is not."""
    return TEXT.format(name=name, parent=load_folder(locate(parent)).profile.mark, title=name)
