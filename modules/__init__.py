"""Learning modules: programmes, sections, legal registry and a person's progress."""
