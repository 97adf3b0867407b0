"""The owner's money: the daily token budget, who holds what of it, and what waits to be written down."""
