"""Makes nan.h5, nan.keras and nan.tflite: a dense layer with weights that are NaN and infinite. Needs tensorflow-cpu and keras
(Tests/oracle/requirements.txt); run it in this folder.
"""
import os

os.environ["KERAS_BACKEND"] = "tensorflow"
import keras
import numpy as np
import tensorflow as tf

model = keras.Sequential([keras.Input((2,), name="x"), keras.layers.Dense(2, name="dense")], name="nan")
model.set_weights([np.array([[1, np.nan], [3, np.inf]], np.float32), np.array([0.5, 0.25], np.float32)])
model.save("nan.h5")
model.save("nan.keras")
with open("nan.tflite", "wb") as file:
    file.write(tf.lite.TFLiteConverter.from_keras_model(model).convert())
