"""The web for readers without the extension: pages, feeds, citations, Markdown. Stands above `api`."""
