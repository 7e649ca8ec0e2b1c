"""Times the engine beside its peers: the same weights, one process each, short rounds in turn, minimum and median."""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile

import numpy

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))


class Peer:
    def __init__(self, peer, model, threads, image):
        self.process = subprocess.Popen(
            [sys.executable, os.path.join(HERE, "engines_worker.py"), peer, model, str(threads), image],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.start = json.loads(self.answer())
        self.starts = [self.start["create"] + self.start["first"]]

    def answer(self):
        # Some peers greet on the standard output.
        while line := self.process.stdout.readline():
            if line[0] in "[{":
                return line
        raise RuntimeError(f"exit code {self.process.wait()}")

    def ask(self, command):
        self.process.stdin.write(f"{command}\n")
        self.process.stdin.flush()
        return json.loads(self.answer())

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Ferry:
    def __init__(self, command, model, threads, image):
        self.command = [command, "bench", model, "--threads", str(threads), "--no-steps", "--format", "json",
                        "--quiet", "--input", image]
        self.starts = []
        self.model, self.image, self.tool = model, image, command
        self.ask(1)

    def ask(self, command):
        if command == "output":
            with tempfile.TemporaryDirectory() as folder:
                path = os.path.join(folder, "out.npz")
                subprocess.run([self.tool, "run", self.model, "--input", self.image, "--output", path, "--quiet"],
                               check=True, capture_output=True)
                arrays = numpy.load(path)
                return arrays[arrays.files[0]].astype(numpy.float64).ravel().tolist()
        done = subprocess.run(self.command + ["--runs", str(command)], check=True, capture_output=True, text=True)
        report = json.loads(done.stdout)
        self.starts.append(report["loadSeconds"] + report["engineSeconds"] + report["firstRunSeconds"])
        return report["latencies"]

    def close(self):
        pass


def image(shape, folder, name):
    path = os.path.join(folder, name + ".npy")
    numpy.save(path, numpy.random.default_rng(3).uniform(-1, 1, shape).astype(numpy.float32))
    return path


def models(options, folder):
    """Name, path and input for .tflite and .onnx; either may be missing."""
    found = []

    def add(name, tflite, onnx, tflite_shape, onnx_shape):
        have = {"tflite": tflite and os.path.exists(tflite), "onnx": onnx and os.path.exists(onnx)}
        if any(have.values()):
            values = image(tflite_shape, folder, name + "_last")
            first = os.path.join(folder, name + "_first.npy")
            x = numpy.load(values)
            numpy.save(first, x if onnx_shape == tflite_shape else x.transpose(0, 3, 1, 2))
            found.append((name, (tflite, values) if have["tflite"] else None, (onnx, first) if have["onnx"] else None))

    shared = options.models
    cat = os.path.join(shared, "reference/mobilenetv2_torchvision_onnx/cat_input.npy")
    stem = os.path.join(shared, "imagenet/mobilenetv2_torchvision")
    add("mobilenetv2_torchvision", stem + "_float32.tflite", stem + ".onnx", (1, 224, 224, 3), (1, 3, 224, 224))
    if found and os.path.exists(cat):
        x = numpy.load(cat)
        numpy.save(os.path.join(folder, "mobilenetv2_torchvision_first.npy"), x)
        numpy.save(os.path.join(folder, "mobilenetv2_torchvision_last.npy"), x.transpose(0, 2, 3, 1))
    for width, size in [(0.35, 224), (0.5, 224), (1.4, 224), (1.0, 96), (1.0, 160)]:
        stem = os.path.join(options.generated, f"mobilenetv2_{width}_{size}")
        add(f"mobilenetv2_{width}_{size}", stem + ".tflite", stem + ".onnx", (1, size, size, 3), (1, size, size, 3))
    for name, shape in [("hosted/tm_fruit_model_unquant", (1, 224, 224, 3)),
                        ("hosted/deeplabv3_mnv2_float_257", (1, 257, 257, 3)),
                        ("other/mobilenet_v1_0.25_128_float", (1, 128, 128, 3)),
                        ("other/vww_96_float", (1, 96, 96, 3))]:
        add(os.path.basename(name), os.path.join(shared, name + ".tflite"), None, shape, shape)
    return [entry for entry in found if not options.only or any(part in entry[0] for part in options.only)]


def compare(name, tflite, onnx, threads, options):
    own = tflite or onnx
    native = os.path.join(options.work, name + ".safetensors")
    subprocess.run([options.ferry, "convert", own[0], "--output", native, "--force", "--quiet"],
                   check=True, capture_output=True)
    engines = {"ferry": Ferry(options.ferry, native, threads, own[1])}
    for peer in options.peers:
        source = tflite if peer == "litert" else onnx
        if not source:
            continue
        try:
            engines[peer] = Peer(peer, source[0], threads, source[1])
        except (RuntimeError, subprocess.CalledProcessError) as error:
            print(f"{name}: {peer} does not run: {error}", file=sys.stderr)
    reference = engines["ferry"].ask("output")
    scale = max(map(abs, reference)) or 1
    seconds = {engine: [] for engine in engines}
    for _ in range(options.rounds):
        for engine in engines:
            seconds[engine] += engines[engine].ask(options.runs)
    rows = []
    best, middle = min(seconds["ferry"]), statistics.median(seconds["ferry"])
    for engine, values in seconds.items():
        output = engines[engine].ask("output")
        off = max(abs(a - b) for a, b in zip(output, reference)) / scale if len(output) == len(reference) else None
        rows.append({
            "model": name, "threads": threads, "engine": engine, "minimum": min(values),
            "median": statistics.median(values), "ratioOfMinima": best / min(values),
            "ratioOfMedians": middle / statistics.median(values), "start": min(engines[engine].starts),
            "difference": off})
        engines[engine].close()
    return rows


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--ferry", default=os.path.join(ROOT, ".build/release/ferry"))
    parser.add_argument("--models", default=os.path.join(ROOT, "../shared/models"))
    parser.add_argument("--generated", default=os.path.join(ROOT, ".build/benchmark/models"))
    parser.add_argument("--work", default=os.path.join(ROOT, ".build/benchmark/engines"))
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--peers", nargs="+", default=["litert", "onnxruntime", "openvino", "ncnn", "mnn"])
    parser.add_argument("--only", nargs="*", help="models whose names contain one of these")
    parser.add_argument("--json", help="a file for all figures")
    options = parser.parse_args()
    os.makedirs(options.work, exist_ok=True)
    print("| model | threads | engine | minimum ms | median ms | ferry / engine, minima | medians | start ms | difference |")
    print("|---|---:|---|---:|---:|---:|---:|---:|---:|")
    rows = []
    for name, tflite, onnx in models(options, options.work):
        for threads in options.threads:
            for row in compare(name, tflite, onnx, threads, options):
                rows.append(row)
                off = "other shape" if row["difference"] is None else f"{row['difference']:.1e}"
                print(f"| {row['model']} | {row['threads']} | {row['engine']} | {row['minimum'] * 1e3:.3f} "
                      f"| {row['median'] * 1e3:.3f} | {row['ratioOfMinima']:.3f} | {row['ratioOfMedians']:.3f} "
                      f"| {row['start'] * 1e3:.1f} | {off} |", flush=True)
    if options.json:
        with open(options.json, "w") as file:
            json.dump(rows, file, indent=1)


if __name__ == "__main__":
    main()
