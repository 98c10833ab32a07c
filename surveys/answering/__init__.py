"""Answering on a phone: what a page shows, in which language, and what speaks against a person."""
