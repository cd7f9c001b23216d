"""What spreadsheets of all formats share: what a cell shows, merges, hidden rows, grids of what is seen."""
