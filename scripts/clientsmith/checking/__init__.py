"""What a document must fulfil before code is generated from it."""
