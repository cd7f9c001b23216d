"""LibreOffice as a converter that stays: found, kept under a profile of its own, killed when it hangs."""
