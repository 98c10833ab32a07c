"""Maps as files: read into a ``Content``, written from one or from a board."""
