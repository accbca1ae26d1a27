"""The rule language: documents, operators, checks and wording."""
