"""What OCR programs leave: placed words with how sure they are, or tables as HTML."""
