"""Who people are: NIP, roster, units, sign-in and roles."""
