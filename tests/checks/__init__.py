"""Single checks of a table or column."""
