"""Answers that are written while the model writes: Server-Sent Events, or one document at the end."""
