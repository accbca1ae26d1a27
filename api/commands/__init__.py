"""The commands of the command line, one file a subject; `main.py` gives them their names."""
