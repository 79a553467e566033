"""What generated code needs to run, whatever API it is for."""
