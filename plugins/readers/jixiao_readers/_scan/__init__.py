"""Pictures of pages to tables and text: for the scan reader, and for pages of a PDF that hold no text.

document.py is the door. picture.py tells sizes by headers, decode.py unpacks within limits, upright.py sets
a page straight, rules.py finds its drawn lines, find.py its text, engine.py and lines.py read it, unread.py
tells what was not; fit.py puts it together and looks whether it fits; cache.py keeps what was seen.
"""
