"""
Makes the ONNX models of this folder and what they answer, literally, for the rows beside them: expected.json.
Made with Python 3.11, scikit-learn, skl2onnx, lightgbm, xgboost, onnxmltools and onnx (versions in expected.json).
"""
import json, sys
import numpy as np
import sklearn, skl2onnx, lightgbm, xgboost, onnxmltools, onnx
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier, GradientBoostingRegressor
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import FloatTensorType, StringTensorType, Int64TensorType
from onnxmltools.convert.common.data_types import FloatTensorType as OMFloat

rng = np.random.default_rng(7)
n = 400
num = rng.normal(size=(n, 3)).astype(np.float32)
airports = np.array(["ATL", "ORD", "DFW"])[rng.integers(0, 3, n)]
late = (num[:, 0] + 0.5 * num[:, 1] + (airports == "ORD") + rng.normal(scale=0.5, size=n) > 0.3)
species = np.array(["setosa", "versicolor", "virginica"])[np.digitize(num[:, 0] + num[:, 2], [-0.5, 0.7])]
minutes = (30 * num[:, 0] - 10 * num[:, 1] + 5).astype(np.float32)
rows = num[:4]
out = {"made with": {"python": sys.version.split()[0], "scikit-learn": sklearn.__version__, "skl2onnx": skl2onnx.__version__,
  "lightgbm": lightgbm.__version__, "xgboost": xgboost.__version__, "onnxmltools": onnxmltools.__version__, "onnx": onnx.__version__},
  "numbers": rows.astype(float).tolist(), "origin": airports[:4].tolist(), "models": {}}

def save(name, model, labels=None, probabilities=None, values=None):
    if not isinstance(model, bytes): model = model.SerializeToString()
    open(name + ".onnx", "wb").write(model)
    e = {}
    if labels is not None: e["labels"] = [str(x) for x in labels]
    if probabilities is not None: e["probabilities"] = np.asarray(probabilities, dtype=float).tolist()
    if values is not None: e["values"] = np.asarray(values, dtype=float).reshape(-1).tolist()
    out["models"][name] = e

import pandas as pd
frame = pd.DataFrame({"distance": num[:, 0], "delay": num[:, 1], "origin": airports})
pipe = make_pipeline(ColumnTransformer([("n", StandardScaler(), ["distance", "delay"]), ("c", OneHotEncoder(handle_unknown="ignore"), ["origin"])]), LogisticRegression())
pipe.fit(frame, late.astype(int))
save("sklearn-columns", convert_sklearn(pipe, initial_types=[("distance", FloatTensorType([None, 1])), ("delay", FloatTensorType([None, 1])), ("origin", StringTensorType([None, 1]))]),
  pipe.predict(frame[:4]), pipe.predict_proba(frame[:4]))
forest = RandomForestClassifier(n_estimators=5, max_depth=3, random_state=7).fit(num, species)
save("sklearn-forest", convert_sklearn(forest, initial_types=[("X", FloatTensorType([None, 3]))], options={"zipmap": False}), forest.predict(rows), forest.predict_proba(rows))
reg = GradientBoostingRegressor(n_estimators=8, max_depth=2, random_state=7).fit(num, minutes)
save("sklearn-regressor", convert_sklearn(reg, initial_types=[("X", FloatTensorType([None, 3]))]), values=reg.predict(rows))
gbm = lightgbm.LGBMClassifier(n_estimators=8, num_leaves=4, random_state=7, verbose=-1).fit(num, late.astype(int))
save("lightgbm", onnxmltools.convert_lightgbm(gbm, initial_types=[("input", OMFloat([None, 3]))]), gbm.predict(rows), gbm.predict_proba(rows))
xgb = xgboost.XGBClassifier(n_estimators=8, max_depth=2, random_state=7).fit(num, late.astype(int))
try:
    save("xgboost", onnxmltools.convert_xgboost(xgb, initial_types=[("input", OMFloat([None, 3]))]), xgb.predict(rows), xgb.predict_proba(rows))
except Exception as e: print("xgb", repr(e)[:300])
# A bare network: one sigmoid output, as frameworks of deep learning export it.
from onnx import helper, TensorProto, numpy_helper
W = numpy_helper.from_array(np.array([[1.0], [0.5], [-0.25]], dtype=np.float32), "W"); B = numpy_helper.from_array(np.array([0.1], dtype=np.float32), "B")
g = helper.make_graph([helper.make_node("MatMul", ["x", "W"], ["m"]), helper.make_node("Add", ["m", "B"], ["a"]), helper.make_node("Sigmoid", ["a"], ["p"])], "net",
  [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["batch", 3])], [helper.make_tensor_value_info("p", TensorProto.FLOAT, ["batch", 1])], [W, B])
save("network", helper.make_model(g, opset_imports=[helper.make_opsetid("", 13)], ir_version=8), probabilities=(lambda p: np.stack([1 - p, p], 1))(1 / (1 + np.exp(-(rows @ np.array([1.0, 0.5, -0.25]) + 0.1)))))
# Never ends: what a hanging model is.
cond = helper.make_node("Constant", [], ["true"], value=helper.make_tensor("t", TensorProto.BOOL, [], [True]))
body = helper.make_graph([helper.make_node("Identity", ["c_in"], ["c_out"]), helper.make_node("Identity", ["v_in"], ["v_out"])], "body",
  [helper.make_tensor_value_info("i", TensorProto.INT64, []), helper.make_tensor_value_info("c_in", TensorProto.BOOL, []), helper.make_tensor_value_info("v_in", TensorProto.FLOAT, None)],
  [helper.make_tensor_value_info("c_out", TensorProto.BOOL, []), helper.make_tensor_value_info("v_out", TensorProto.FLOAT, None)])
g = helper.make_graph([cond,
  helper.make_node("ReduceMax", ["x"], ["top"], keepdims=0), helper.make_node("Constant", [], ["limit"], value=helper.make_tensor("l", TensorProto.FLOAT, [], [1000.0])),
  helper.make_node("Greater", ["top", "limit"], ["far"]),
  helper.make_node("Loop", ["", "far", "x"], ["y"], body=body)], "hang",
  [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["batch", 1])], [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["batch", 1])])
save("hanging", helper.make_model(g, opset_imports=[helper.make_opsetid("", 13)], ir_version=8), values=[0, 0, 0, 0])
json.dump(out, open("expected.json", "w"), indent=1)
for name in out["models"]:
    import onnx as o
    m = o.load(name + ".onnx"); print(name, len(m.SerializeToString()), [i.name for i in m.graph.input], [(x.name, x.type.WhichOneof("value")) for x in m.graph.output], [n.op_type for n in m.graph.node])
