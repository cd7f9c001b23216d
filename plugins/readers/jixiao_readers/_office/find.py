"""Where LibreOffice is on this machine."""

import shutil
from pathlib import Path

from jixiao.errors import PluginError
from jixiao.messages import gettext as _

COMMANDS = ("soffice", "libreoffice")
USUAL = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "C:/Program Files/LibreOffice/program/soffice.com",
    "C:/Program Files (x86)/LibreOffice/program/soffice.com",
    "/opt/libreoffice/program/soffice",
)


def soffice() -> str:
    """The command. Raises PluginError `no-libreoffice` where there is none."""
    found = next(filter(None, map(shutil.which, COMMANDS)), None)
    found = found or next((path for path in USUAL if Path(path).is_file()), None)
    if found is None:
        raise PluginError(
            "no-libreoffice",
            _("Reading DOC, WPS, RTF, ODT and ODS needs LibreOffice, which was not found."),
            _("Install LibreOffice (its Writer and Calc), or save the file as DOCX or XLSX."),
        )
    return found
