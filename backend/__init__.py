"""The day's papers and their verified translations."""
