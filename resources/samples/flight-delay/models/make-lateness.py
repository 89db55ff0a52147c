"""Makes lateness.onnx, a model from outside: pip install scikit-learn skl2onnx pandas pyarrow."""
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import FloatTensorType, StringTensorType

months = [pd.read_parquet(f"data/flights-2001-0{month}.parquet") for month in (1, 2)]
flights = pd.concat(months)
numbers, texts = ["distance"], ["origin", "destination"]
columns = ColumnTransformer([("n", StandardScaler(), numbers), ("t", OneHotEncoder(handle_unknown="ignore"), texts)])
model = make_pipeline(columns, LogisticRegression(max_iter=500))
model.fit(flights[numbers + texts], (flights["delay"] >= 15).astype(int))
types = [(name, FloatTensorType([None, 1])) for name in numbers] + [(name, StringTensorType([None, 1])) for name in texts]
with open("models/lateness.onnx", "wb") as file:
    file.write(convert_sklearn(model, initial_types=types).SerializeToString())
