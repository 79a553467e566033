"""Comparisons of what this repository has with what others have.

Each side is read into facts (`facts`), whatever it is made of; the facts are compared, and the
differences are held against a reviewed list of intended ones (`review`). What is left over is a
finding::

    facts      what is compared, and how;  review  which differences are intended;  report  the text
    probe      runs in the interpreter of a client package and describes it
    clients    the facts of a Python client, by `probe`
    documents  the facts of a Swagger 2 or OpenAPI 3 document
    schema_types  the types in it as short texts
    mocked     public documents: every GET of a generated client against a mock of the server
    targets    which target of the pipeline a command is about
"""
