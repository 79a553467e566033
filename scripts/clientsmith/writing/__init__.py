"""Code, manifests and the tree: what comes out."""
