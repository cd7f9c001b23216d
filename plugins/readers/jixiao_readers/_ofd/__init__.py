"""The parts of an OFD document (GB/T 33190-2016): package, pages, what a page draws."""
