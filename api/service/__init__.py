"""One use case a file, one transaction a call."""
