"""The studio: the web pages in which people write, publish and audit rules."""
