"""What a conversion costs as a whole process, beside the tools that people use today.

Every round runs each command once, in turn, so that a change of the machine's speed meets all of them; a figure is the median of
the rounds. Peak memory is the operating system's own count of the largest process (ru_maxrss). Called by `conversion`, which
installs the peers.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]


def measured(command, environment):
    """Seconds and peak mebibytes of one process; its output goes to a file that is shown when it fails."""
    with tempfile.TemporaryFile() as log:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            log.seek(0)
            raise RuntimeError(f"{command[0]} ended with {process.returncode}: {log.read()[-2000:].decode(errors='replace')}")
    return seconds, usage.ru_maxrss / 1024


def comparisons(models, output, python, ferry):
    """(label, source file, ferry's command, {peer: command})."""
    bin_folder = pathlib.Path(python).parent
    onnx = models / "mobilenetv2_torchvision.onnx"
    tflite = models / "mobilenetv2_torchvision_float32.tflite"
    keras = models / "mobilenetv2_torchvision.h5"

    def convert(source):
        return [ferry, "convert", str(source), "-o", str(output / "ferry.safetensors"), "--force", "--quiet"]

    def mnn(framework, source):
        return [str(bin_folder / "mnnconvert"), "-f", framework, "--modelFile", str(source), "--MNNModel",
                str(output / "peer.mnn"), "--bizCode", "ferry"]

    load = "import keras, sys; keras.models.load_model(sys.argv[1], compile=False)"
    show = "import keras, sys; keras.models.load_model(sys.argv[1], compile=False).summary()"
    return [
        ("convert .onnx", onnx, convert(onnx), {
            "mnnconvert": mnn("ONNX", onnx),
            "ovc": [str(bin_folder / "ovc"), str(onnx), "--output_model", str(output / "peer.xml")],
        }),
        ("convert .tflite", tflite, convert(tflite), {
            "mnnconvert": mnn("TFLITE", tflite),
            "tf2onnx": [python, "-m", "tf2onnx.convert", "--tflite", str(tflite), "--output", str(output / "peer.onnx")],
        }),
        ("convert .h5", keras, convert(keras), {"Keras load": [python, "-c", load, str(keras)]}),
        ("summary .h5", keras, [ferry, "summary", str(keras)], {"Keras load and summary": [python, "-c", show, str(keras)]}),
    ]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--models", type=pathlib.Path, default=ROOT.parent / "shared/models/imagenet")
    parser.add_argument("--ferry", default=str(ROOT / ".build/release/ferry"))
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", type=pathlib.Path)
    options = parser.parse_args()
    if not options.models.is_dir():
        sys.exit(f"no models at {options.models}")
    environment = dict(os.environ, TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1", KERAS_BACKEND="tensorflow")
    rows = []
    with tempfile.TemporaryDirectory(dir=ROOT / ".build") as folder:
        output = pathlib.Path(folder)
        for label, source, ours, peers in comparisons(options.models, output, sys.executable, options.ferry):
            commands = {"ferry": ours} | peers
            for command in commands.values():
                measured(command, environment)  # caches warm for everybody
            figures = {name: [] for name in commands}
            for _ in range(options.rounds):
                for name, command in commands.items():
                    figures[name].append(measured(command, environment))
            megabytes = source.stat().st_size / (1 << 20)
            for name in commands:
                seconds = statistics.median(second for second, _ in figures[name])
                ratio = statistics.median(a / b for (a, _), (b, _) in zip(figures["ferry"], figures[name]))
                memory = max(peak for _, peak in figures[name])
                rows.append({"task": label, "file_mib": megabytes, "tool": name, "seconds": seconds,
                             "ferry_ratio": ratio, "peak_mib": memory})
    print("| task | tool | median seconds | Ferry / tool | peak memory MiB | file MiB |")
    print("|---|---|--:|--:|--:|--:|")
    for row in rows:
        ratio = "" if row["tool"] == "ferry" else f"{row['ferry_ratio']:.4f}"
        print(f"| {row['task']} | {row['tool']} | {row['seconds']:.3f} | {ratio} | {row['peak_mib']:.0f} | {row['file_mib']:.1f} |")
    if options.json:
        options.json.write_text(json.dumps(rows, indent=2) + "\n")


main()
