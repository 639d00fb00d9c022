"""What onnxruntime says of feature rows. Takes JSON on stdin: [{model: base64 of an .onnx file, rows, columns, features}], where null is NaN.
Gives JSON on stdout: [{label, probabilities}], after the checker of the onnx package has found no fault in the file."""
import base64
import json
import sys

import numpy as np
import onnx
import onnxruntime


def answer(question):
    data = base64.b64decode(question["model"])
    onnx.checker.check_model(onnx.load_from_string(data), full_check=True)
    session = onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])
    features = np.array(question["features"], dtype=np.float64).reshape(question["rows"], question["columns"])
    label, probabilities = session.run(["label", "probabilities"], {"features": features})
    return {"label": label.tolist(), "probabilities": probabilities.ravel().tolist()}


json.dump([answer(question) for question in json.load(sys.stdin)], sys.stdout)
