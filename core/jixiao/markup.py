"""Text and attribute values as XML has them (the standard library's helper for it draws in the network).

Sources: XML 1.0, 2.4 (character data), 2.11 (line ends), 3.3.3 (white space in attribute values).
"""

_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_ATTRIBUTE = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"} | {
    char: f"&#{ord(char)};" for char in "\r\n\t"
})  # fmt: skip


def escaped(text: str) -> str:
    """The text between two tags; a carriage return survives too.

    >>> escaped("a<b & c")
    'a&lt;b &amp; c'
    """
    if "&" in text or "<" in text or ">" in text or "\r" in text:  # hardly ever; to translate costs more
        return text.translate(_TEXT)
    return text


def quoted(text: str) -> str:
    """The text as the value of an attribute, its quotes included.

    >>> quoted('a "b"')
    '"a &quot;b&quot;"'
    """
    return f'"{text.translate(_ATTRIBUTE)}"'
