"""The review desk: a local web page on which a clerk sees, corrects and signs off what was read."""
