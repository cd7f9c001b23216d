"""OLE2 compound files, as far as the readers of packed formats must tell them apart."""

MAGIC = bytes.fromhex("D0CF11E0A1B11AE1")
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")  # MS-OFFCRYPTO 1.3.2


def is_ole(start: bytes) -> bool:
    """Whether the first bytes are those of an OLE2 compound file (MS-CFB 2.2)."""
    return start.startswith(MAGIC)


def is_encrypted_package(start: bytes) -> bool:
    """Whether an OLE2 file wraps a DOCX, XLSX or PPTX under a password: its directory names the stream."""
    return is_ole(start) and ENCRYPTED_STREAM in start
