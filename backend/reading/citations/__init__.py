"""Citations of papers: one record, a writer for each format, metadata for reference managers."""
