"""The OpenRPC document of the methods, with a JSON Schema validator that is not ours."""

import copy
import json
import pathlib

from jsonschema import Draft202012Validator

ROOT = pathlib.Path(__file__).resolve().parents[2]
DOCUMENT = json.loads((ROOT / "Protocol/methods/openrpc.json").read_text())
SCHEMAS = DOCUMENT["components"]["schemas"]


def resolved(schema):
    """The schema with shared shapes in place of the references to them; none refers to itself."""
    if isinstance(schema, list):
        return [resolved(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    rest = {key: resolved(part) for key, part in schema.items() if key != "$ref"}
    if "$ref" in schema:
        return resolved(SCHEMAS[schema["$ref"].removeprefix("#/components/schemas/")]) | rest
    return rest


class Method:
    def __init__(self, entry):
        self.name = entry["name"]
        self.caller = entry["x-caller"]
        self.needs_stream = entry["x-stream"]
        self.errors = {error["$ref"].rpartition("/")[2] for error in entry["errors"]}
        self.examples = [
            ({part["name"]: part["value"] for part in example["params"]},
             example["result"]["value"])
            for example in entry["examples"]]
        self.params_schema = {
            "type": "object",
            "properties": {part["name"]: resolved(part["schema"]) for part in entry["params"]},
            "required": [part["name"] for part in entry["params"] if part["required"]],
        }
        self.params = Draft202012Validator(self.params_schema)
        self.result = Draft202012Validator(resolved(entry["result"]["schema"]))

    def __repr__(self):
        return self.name


METHODS = {entry["name"]: Method(entry) for entry in DOCUMENT["methods"]}


def fitting(method, result):
    """The result, if it is as the method's schema says."""
    if method in METHODS:
        METHODS[method].result.validate(result)
    return result


def pointer(path):
    """RFC 6901."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def nullable(schema):
    """(schema without null, whether there may be null)"""
    if "anyOf" not in schema:
        return schema, False
    rest = [part for part in schema["anyOf"] if part != {"type": "null"}]
    return rest[0], True


def sample(schema):
    """A value that fits."""
    schema, _ = nullable(schema)
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type")
    if kind == "object":
        return {name: sample(schema["properties"][name]) for name in schema.get("required", [])}
    if kind == "array":
        return [sample(schema["items"]) for _ in range(schema["minItems"])]
    if kind == "string" and "format" in schema:
        return "0198c5f0-0000-7000-8000-0000000000aa"
    if kind == "string":
        for text in ("a", "a@example.org", "https://example.org/a", "9f1c0000000000ff"):
            text += "a" * (schema.get("minLength", 0) - len(text))
            if Draft202012Validator(schema).is_valid(text):
                return text
        raise AssertionError(f"no text for {schema}")
    return {"boolean": True, "integer": schema.get("minimum"), "number": schema.get("minimum"),
            None: 1}[kind]


def leaves(schema, value):
    """(path, schema, whether required) of each member, element and entry, nested ones too; where
    `value` has none, the path is still there."""
    schema, _ = nullable(schema)
    if schema.get("type") == "object":
        for name, part in schema.get("properties", {}).items():
            yield (name,), part, name in schema.get("required", [])
            inner = value.get(name) if isinstance(value, dict) else None
            for path, leaf, required in leaves(part, sample(part) if inner is None else inner):
                yield (name, *path), leaf, required
        part = schema.get("additionalProperties")
        if isinstance(part, dict):
            key = next(iter(value), None) or sample(schema["propertyNames"])
            yield (key,), part, False
            for path, leaf, required in leaves(part, value.get(key, sample(part))):
                yield (key, *path), leaf, required
    elif schema.get("type") == "array":
        part = schema["items"]
        yield (0,), part, False
        first = value[0] if value else sample(part)
        for path, leaf, required in leaves(part, first):
            yield (0, *path), leaf, required


MISSING = object()


def changed(schema, base, path, value):
    """A copy of `base` with `value` at `path`; what is missing above it is made."""
    if not path:
        return value
    schema, _ = nullable(schema)
    name, *rest = path
    copied = copy.copy(base)
    if schema.get("type") == "array":
        inner = copied[0] if copied else sample(schema["items"])
        copied[:1] = [changed(schema["items"], inner, rest, value)]
        return copied
    part = schema.get("properties", {}).get(name) or schema.get("additionalProperties")
    if value is MISSING and not rest:
        copied.pop(name, None)
        return copied
    inner = copied.get(name)
    copied[name] = changed(part, sample(part) if inner is None else inner, rest, value)
    return copied
