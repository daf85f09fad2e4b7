"""What HR and trainers show: completion lists and their files."""
