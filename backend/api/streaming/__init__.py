"""Answers that go on after their thread is done."""
