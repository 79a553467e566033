"""The pipeline that turns hand-maintained OpenAPI specifications into Python packages.

``python -m scripts regenerate`` reads the specifications of every target in
``openapi/targets.yaml``, bundles and validates them, generates ``api/`` and ``models/`` and
replaces both as whole folders; ``python -m scripts check`` tells whether what is committed is
what would be generated. The modules, in the order of the work::

    targets      what is generated: the entries of openapi/targets.yaml
    documents    YAML in, with positions;  yaml_output  YAML out, byte for byte the same
    references   from a `$ref` to a definition in a file
    merging      `allOf` of object schemas to one flat object
    bundle       many files to one document
    semantics    what no schema says about operations
    validation   the bundle is OpenAPI 3.1
    generate     the bundle to Python code
    manifest     what went in and what came out
    regenerate   all of it, and the tree changes only when everything has succeeded
    check        the same, and a comparison instead of a change
"""
