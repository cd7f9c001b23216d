"""The parts of an old Excel workbook (BIFF), as Excel and WPS (.et) save them."""
