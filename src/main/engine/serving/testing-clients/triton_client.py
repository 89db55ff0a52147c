"""Asks with the client of Triton, in binary and in JSON, and prints what came back. Arguments: host:port."""

import json
import sys

import numpy as np
import tritonclient.http as triton

client = triton.InferenceServerClient(url=sys.argv[1])


def column(name, datatype, values, binary):
    tensor = triton.InferInput(name, list(values.shape), datatype)
    tensor.set_data_from_numpy(values, binary_data=binary)
    return tensor


def ask(binary, outputs):
    inputs = [
        column("distance", "FP64", np.array([[75.0], [25.0]]), binary),
        column("hour", "INT64", np.array([[8], [9]], dtype=np.int64), binary),
        column("origin", "BYTES", np.array([["ATL"], ["São"]], dtype=np.object_), binary),
        column("weekend", "BOOL", np.array([[True], [False]]), binary),
    ]
    result = client.infer("flight-delay", inputs, request_id="42", outputs=outputs)
    names = [output["name"] for output in result.get_response()["outputs"]]
    return {
        "id": result.get_response()["id"],
        **{name: result.as_numpy(name).tolist() for name in names},
    }


def text(value):
    return value.decode() if isinstance(value, bytes) else value


def refused():
    try:
        client.infer("flight-delay", [column("distanse", "FP64", np.array([[1.0]]), True)])
    except triton.InferenceServerException as error:
        return [error.status(), error.message()]


print(
    json.dumps(
        {
            "live": client.is_server_live(),
            "ready": client.is_server_ready(),
            "model": client.is_model_ready("flight-delay", "3"),
            "extensions": client.get_server_metadata()["extensions"],
            "inputs": [each["name"] for each in client.get_model_metadata("flight-delay")["inputs"]],
            "binary": ask(True, None),
            "json": ask(False, [triton.InferRequestedOutput(name, binary_data=False) for name in ("label", "probability", "probabilities")]),
            "refused": refused(),
        },
        default=text,
    )
)
