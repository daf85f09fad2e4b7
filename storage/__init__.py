"""The database: the only memory of SiNetral."""
