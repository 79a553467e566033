"""Every operation of Healthchecks.io; `api` and `models` in this package are generated.

Their clients are those of `dqops.client`. The Management API takes an `AuthenticatedClient` with
`prefix=""` and `auth_header_name="X-Api-Key"`; pings take a `Client` without a token.
"""
