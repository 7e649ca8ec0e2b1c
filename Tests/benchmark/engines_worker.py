"""One peer with one model in a process of its own: says how long it took to start, then times runs as it is asked to.

engines_worker.py PEER MODEL THREADS INPUT.npy; then one line a command: a number of runs to time, or `output`.
"""

import json
import os
import shutil
import subprocess
import sys
import time

import numpy


def litert(model, threads, x):
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_path=model, num_threads=threads)
    interpreter.allocate_tensors()
    source = interpreter.get_input_details()[0]["index"]
    target = interpreter.get_output_details()[0]["index"]

    def run():
        interpreter.set_tensor(source, x)
        interpreter.invoke()
        return interpreter.get_tensor(target)

    return run


def onnxruntime(model, threads, x):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    return lambda: session.run(None, {name: x})[0]


def openvino(model, threads, x):
    import openvino

    core = openvino.Core()
    compiled = core.compile_model(model, "CPU", {
        "INFERENCE_NUM_THREADS": threads, "PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": "f32"})
    request = compiled.create_infer_request()
    request.set_input_tensor(openvino.Tensor(x))

    def run():
        request.infer()
        return request.get_output_tensor(0).data

    return run


def ncnn(model, threads, x):
    import ncnn

    network = ncnn.Net()
    network.opt.num_threads = threads
    network.opt.use_fp16_packed = network.opt.use_fp16_storage = network.opt.use_fp16_arithmetic = False
    network.opt.use_bf16_storage = False
    network.load_param(model + ".ncnn.param")
    network.load_model(model + ".ncnn.bin")
    source, target = network.input_names()[0], network.output_names()[0]
    image = ncnn.Mat(x[0]).clone()

    def run():
        extractor = network.create_extractor()
        extractor.input(source, image)
        return numpy.array(extractor.extract(target)[1])

    return run


def mnn(model, threads, x):
    import MNN

    network = MNN.Interpreter(model)
    session = network.createSession({"numThread": threads, "precision": "high", "backend": "CPU"})
    source = network.getSessionInput(session)
    kind = MNN.Tensor_DimensionType_Caffe if x.shape[1] == 3 else MNN.Tensor_DimensionType_Tensorflow
    image = MNN.Tensor(x.shape, MNN.Halide_Type_Float, x, kind)

    def run():
        source.copyFrom(image)
        network.runSession(session)
        target = network.getSessionOutput(session)
        shape = target.getShape()
        held = MNN.Tensor(
            shape, MNN.Halide_Type_Float, numpy.zeros(shape, numpy.float32), MNN.Tensor_DimensionType_Caffe)
        target.copyToHostTensor(held)
        return held.getNumpyData() if hasattr(held, "getNumpyData") else numpy.array(held.getData())

    return run


def converted(peer, model, shape, folder):
    """The peer's own form of an .onnx model, made by its own tool."""
    stem = os.path.join(folder, os.path.basename(model).rsplit(".", 1)[0])
    tools = os.path.dirname(sys.executable)
    if peer == "mnn" and not os.path.exists(stem + ".mnn"):
        subprocess.run([os.path.join(tools, "mnnconvert"), "-f", "ONNX", "--modelFile", model, "--MNNModel",
                        stem + ".mnn", "--bizCode", "b"], check=True, capture_output=True)
    if peer == "ncnn" and not os.path.exists(stem + ".ncnn.bin"):
        extents = ",".join(map(str, shape))
        # pnnx leaves files of its own beside its source, which may lie in a folder that is not ours.
        copy = stem + os.path.splitext(model)[1]
        if not os.path.exists(copy):
            shutil.copyfile(model, copy)
        subprocess.run([os.path.join(tools, "pnnx"), copy, f"inputshape=[{extents}]f32", "fp16=0",
                        f"ncnnparam={stem}.ncnn.param", f"ncnnbin={stem}.ncnn.bin"],
                       check=True, capture_output=True, cwd=folder)
    return {"mnn": stem + ".mnn", "ncnn": stem}.get(peer, model)


if __name__ == "__main__":
    peer, model, threads = sys.argv[1], sys.argv[2], int(sys.argv[3])
    x = numpy.ascontiguousarray(numpy.load(sys.argv[4]))
    model = converted(peer, model, x.shape, os.path.dirname(sys.argv[4]))
    # The peers' own imports are no part of their start.
    __import__({"litert": "ai_edge_litert.interpreter", "mnn": "MNN"}.get(peer, peer))
    make = {"litert": litert, "onnxruntime": onnxruntime, "openvino": openvino, "ncnn": ncnn, "mnn": mnn}[peer]
    start = time.perf_counter()
    run = make(model, threads, x)
    created = time.perf_counter() - start
    run()
    print(json.dumps({"create": created, "first": time.perf_counter() - start - created}), flush=True)
    for line in sys.stdin:
        if line.strip() == "output":
            print(json.dumps(numpy.asarray(run(), numpy.float64).ravel().tolist()), flush=True)
            continue
        seconds = []
        for _ in range(int(line)):
            start = time.perf_counter()
            run()
            seconds.append(time.perf_counter() - start)
        print(json.dumps(seconds), flush=True)
