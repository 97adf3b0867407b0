"""Translating at half price, through a provider's Batch API, from any machine that shares the database."""
