"""Example data: fills an empty database with invented people who did what real ones do."""
