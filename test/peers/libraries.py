"""Where the Python packages keep the libraries of LightGBM and XGBoost, by the variables that mlp looks for them in; as JSON."""

import json
import os

import lightgbm
import xgboost


def beside(module, name):
    return os.path.join(os.path.dirname(module.__file__), "lib", name)


print(
    json.dumps(
        {
            "MLP_LIGHTGBM_LIB": beside(lightgbm, "lib_lightgbm.so"),
            "MLP_XGBOOST_LIB": beside(xgboost, "libxgboost.so"),
        }
    )
)
