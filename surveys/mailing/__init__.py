"""Invitations by mail: lists, letters, sending each once, what comes back."""
