"""The parts of a DOCX package: body, text, names, the package itself."""
