"""Turns OpenAPI specifications into Python packages.

``python -m clientsmith regenerate`` reads the specifications of every target in
``openapi/targets.yaml``, bundles and validates them, generates ``api/`` and ``models/`` and
replaces both as whole folders; ``python -m clientsmith check`` tells whether what is committed is
what would be generated.

    targets   what is generated: the entries of openapi/targets.yaml
    reading   YAML in, with positions; references, `allOf`, many files to one document
    checking  the document is OpenAPI 3.1, and all of it can be generated
    viewing   what the templates see: names, kinds of values, docstrings
    writing   code by openapi-python-client and our templates, the manifest, and the tree, which
              changes only when everything has succeeded
"""
