"""Profiles: what a finance system wants, as data. A folder with a profile.toml, and no code.

`load` finds one, `Filling` makes its records of sheets, `reading` makes sheets of its records.
"""

from jixiao.profiles.back import comparable, reading
from jixiao.profiles.fill import Filled, Filling, Miss
from jixiao.profiles.load import Faulty, folders, known, load, load_folder, locate
from jixiao.profiles.model import Loaded, Profile
from jixiao.profiles.paths import without
from jixiao.profiles.transform import transformed, undone
from jixiao.profiles.xsd import schema, xsd

__all__ = [
    "Faulty", "Filled", "Filling", "Loaded", "Miss", "Profile", "comparable", "folders", "known", "load",
    "load_folder", "locate", "reading", "schema", "transformed", "undone", "without", "xsd",
]  # fmt: skip
