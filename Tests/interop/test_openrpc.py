"""/v1/openrpc.json, by a validator that is not ours."""

import json
import urllib.request

import pytest
from jsonschema import Draft202012Validator

from harness import SECONDS
from openrpc import DOCUMENT, METHODS, SCHEMAS, resolved


def test_the_server_serves_the_document_to_everybody(server):
    request = urllib.request.Request(
        server.url("/v1/openrpc.json", "http"), headers={"Origin": "https://elsewhere.example"})
    with urllib.request.urlopen(request, timeout=SECONDS) as response:
        assert response.headers["Content-Type"] == "application/json"
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert response.headers["Cache-Control"].startswith("public")
        assert json.loads(response.read()) == DOCUMENT


def test_it_is_an_openrpc_document():
    assert DOCUMENT["openrpc"].startswith("1.")
    assert DOCUMENT["info"].keys() >= {"title", "version"}
    assert len(METHODS) == len(DOCUMENT["methods"])
    for entry in DOCUMENT["methods"]:
        assert entry.keys() >= {"name", "summary", "params", "result", "errors", "examples"}
        # Those that may be left out come last only when params are by position.
        assert entry["paramStructure"] == "by-name"
        for part in entry["params"]:
            assert part.keys() == {"name", "summary", "required", "schema"}
        for error in entry["errors"]:
            assert error["$ref"].rpartition("/")[2] in DOCUMENT["components"]["errors"]


@pytest.mark.parametrize("name", SCHEMAS)
def test_shared_shapes_are_schemas(name):
    Draft202012Validator.check_schema(resolved(SCHEMAS[name]))


@pytest.mark.parametrize("method", METHODS.values(), ids=str)
def test_examples_fit_their_schemas(method):
    Draft202012Validator.check_schema(method.params.schema)
    Draft202012Validator.check_schema(method.result.schema)
    assert method.examples
    for params, result in method.examples:
        method.params.validate(params)
        method.result.validate(result)
