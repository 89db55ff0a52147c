"""Sends a table as the codecs of MLServer write it and prints the table that they read. Arguments: host:port."""

import json
import sys
import urllib.request

import pandas as pd
from mlserver.codecs import DatetimeCodec, PandasCodec
from mlserver.types import InferenceResponse

table = pd.DataFrame({"distance": [75.0, 25.0], "hour": [8.0, None], "weekend": [True, False]})
request = PandasCodec.encode_request(table, use_bytes=False)
request.inputs.append(DatetimeCodec.encode_input("date", ["2001-03-05T17:30:00", "2001-03-06"], use_bytes=False))
body = json.dumps(request.model_dump(exclude_none=True)).encode()
headers = {"Content-Type": "application/json"}
with urllib.request.urlopen(
    urllib.request.Request(f"http://{sys.argv[1]}/v2/models/flight-delay/infer", body, headers)
) as answer:
    response = InferenceResponse.model_validate_json(answer.read())
print(json.dumps(PandasCodec.decode_response(response).to_dict(orient="list")))
