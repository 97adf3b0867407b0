"""A day's list and a paper as Markdown with TeX, and llms.txt."""
