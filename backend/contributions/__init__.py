"""Translations that no model of ours wrote: readers' own wordings, other memories. Checked like any."""
