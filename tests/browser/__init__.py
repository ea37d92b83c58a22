"""Tests in a real browser: the dashboard served as a person would run it."""
