"""Which sentences of a translation belong to which of its source: marks where they came back, else lengths."""
