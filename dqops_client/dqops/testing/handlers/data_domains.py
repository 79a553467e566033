"""The operations of the group `data_domains`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ..http.data_domain_cookie import switching_headers
from ..http.messages import Response
from ..state.snapshots import DEFAULT_DOMAIN, domain_document

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..documents import Document
    from .call import Call, Handler

__all__ = ["HANDLERS"]

# The kind of the documents among those of the default data domain.
_KIND = "data_domain"


def _get_local_data_domains(call: Call) -> Response:
    default = {"domain_name": DEFAULT_DOMAIN, "display_name": DEFAULT_DOMAIN}
    documents = call.account.collections[_KIND].values()
    return Response.of_json(200, [_model(call, each) for each in (default, *documents)])


def _create_data_domain(call: Call) -> Response:
    display_name = call.parameters["dataDomainName"]
    name = re.sub(r"\W+", "_", display_name).strip("_").lower()
    if not name:
        return Response(406)
    if name in call.account.domains:
        return Response(409)
    if not call.account.settings.can_change_data_domains:
        return Response(400)
    document = domain_document(name, display_name, call.account.clock.now())
    call.account.collections[_KIND][name] = document
    call.account.add_domain(name)
    return Response.of_json(200, _model(call, document))


def _delete_data_domain(call: Call) -> Response:
    name = call.parameters["dataDomainName"]
    if name not in call.account.domains:
        return Response(404)
    del call.account.collections[_KIND][name]
    call.account.delete_domain(name)
    return Response(204)


def _switch_to_data_domain(call: Call) -> Response:
    name = call.parameters["dataDomainName"]
    if name != DEFAULT_DOMAIN and name not in call.account.domains:
        return Response(303, headers={"Location": "/"})  # nothing is switched
    return Response(303, headers=switching_headers(name))


def _model(call: Call, document: Document) -> dict[str, Any]:
    domain = call.account.domain(document["domain_name"])
    return {**document, "enable_scheduler": domain.scheduler_running}


HANDLERS: Mapping[str, Handler] = {
    "create_data_domain": _create_data_domain,
    "delete_data_domain": _delete_data_domain,
    "get_local_data_domains": _get_local_data_domains,
    "switch_to_data_domain": _switch_to_data_domain,
}
