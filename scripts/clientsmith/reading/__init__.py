"""Files in, one OpenAPI document out."""
