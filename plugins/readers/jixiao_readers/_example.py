"""The examples: small files of the formats that no writer makes, written by scripts/examples.py."""


def example_file(name: str) -> bytes:
    """The bytes of one; it is read only when it is asked for."""
    from importlib.resources import files

    return files("jixiao_readers").joinpath("examples", name).read_bytes()
