"""A paper's terms: drawn by the model, once for all its readers."""
