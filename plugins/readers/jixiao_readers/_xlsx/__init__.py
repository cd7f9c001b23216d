"""The parts of an XLSX workbook."""
