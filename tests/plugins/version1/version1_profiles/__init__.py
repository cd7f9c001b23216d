"""Profiles, as data."""
