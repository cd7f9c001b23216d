"""Every code with which an input fails, in one table; plugins may bring codes of their own.

`again` says that the same input may end otherwise the next time: the failure is not the content's own.
"""

from typing import NamedTuple

from jixiao.findings import N_
from jixiao.limits import Limits


class Failure(NamedTuple):
    meaning: str
    again: bool = False


LIMIT = "limit-"
FAILURES = {
    # the content
    "empty-file": Failure(N_("The file is empty.")),
    "unknown-format": Failure(N_("No reader knows the content.")),
    "unsupported-format": Failure(N_("The format is known and cannot be read, such as XLSB.")),
    "damaged-file": Failure(N_("The file breaks off or is damaged.")),
    "damaged-json": Failure(N_("JSON that breaks off or is damaged.")),
    "encrypted": Failure(N_("The file wants a password.")),
    "doctype": Failure(N_("XML with a document type, which can hide or swell text.")),
    "zip-method": Failure(N_("A part of a zip is packed by a method that cannot be read.")),
    "path-outside": Failure(N_("A part of a package refers to a file outside it.")),
    "bad-encoding": Failure(N_("Bytes that are no text in any encoding that is tried.")),
    "no-sheet": Failure(N_("The file was read, and no sheet is in it.")),
    "not-a-sheet": Failure(N_("XML or JSON that is no sheet of jixiao's.")),
    "schema": Failure(N_("XML or JSON of jixiao's that its schema refuses.")),
    "model-version": Failure(N_("XML or JSON of a later version of jixiao.")),
    "profile-text": Failure(N_("A record of a finance system that its profile cannot read.")),
    "damaged-corrections": Failure(N_("The corrections beside the source cannot be read.")),
    **{
        LIMIT + name: Failure(N_("The document goes over the limit `{name}`."))
        for name in Limits.__struct_fields__
    },
    "worker-died": Failure(N_("The process that converted the document died."), again=True),
    # the surroundings
    "no-file": Failure(N_("There is no such file, or none in the folder."), again=True),
    "not-a-file": Failure(
        N_("A link that leads nowhere or out of the inputs, a pipe or a device."), again=True
    ),
    "unreadable": Failure(N_("The system does not let the file be read."), again=True),
    "output-exists": Failure(N_("A file of that name is there, and jixiao did not write it."), again=True),
    "output-is-input": Failure(N_("The output would take the place of an input."), again=True),
    "output-is-folder": Failure(N_("The output is a folder."), again=True),
    "output-outside": Failure(N_("A link leads the output out of the output folder."), again=True),
    "output-failed": Failure(N_("The system does not let the output be written."), again=True),
    "corrected-meanwhile": Failure(N_("Somebody else corrected the source meanwhile."), again=True),
    "no-libreoffice": Failure(N_("The format is read through LibreOffice, which is not there."), again=True),
    "no-ocr": Failure(N_("A scan is read by the extra `ocr`, which is not installed."), again=True),
    # plugins and profiles
    "plugin-fault": Failure(N_("A plugin broke on the input; it is named."), again=True),
    "plugin-unusable": Failure(N_("A plugin cannot be loaded."), again=True),
    "no-plugin": Failure(N_("There is no plugin of that name."), again=True),
    "plugin-option": Failure(N_("An option of a plugin is wrong."), again=True),
    "no-profile": Failure(N_("There is no profile of that name."), again=True),
    "profile": Failure(N_("The profile is faulty."), again=True),
    "code-table": Failure(N_("A code table cannot be read."), again=True),
    "transform": Failure(N_("A profile's stylesheet failed.")),
}
