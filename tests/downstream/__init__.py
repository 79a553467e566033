"""Programs as users of each release write them; those of a release are never edited."""
