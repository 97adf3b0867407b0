"""Feeds: Atom and JSON Feed for each language and category, a digest of each day, and an OPML of all."""
