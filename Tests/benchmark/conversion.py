"""What a conversion costs as a whole process, beside the tools that people use today.

Every round runs each command once, in turn, so that a change of the machine's speed meets all of them; a figure is the median of
the rounds. Outputs are new files every time: what an earlier round has left is removed before the clock starts, since giving a
replaced file's blocks back to the disk is no part of a conversion. Peak memory is the operating system's own count of the largest
process (ru_maxrss). Called by `conversion`, which installs the peers.
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


def measured(command, environment, outputs):
    """Seconds and peak mebibytes of one process; what it prints goes to a file that is shown when it fails."""
    for left in outputs.iterdir():
        left.unlink()
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


class Task:
    """One row of the table and its peers: {name: (command, the largest ratio that is aimed at)}."""

    def __init__(self, label, source, command, peers):
        self.label, self.command, self.peers = label, command, peers
        self.mebibytes = source.stat().st_size / (1 << 20) if source else 0


def tasks(models, output, python, ferry):
    bin_folder = pathlib.Path(python).parent
    onnx = models / "mobilenetv2_torchvision.onnx"
    tflite = models / "mobilenetv2_torchvision_float32.tflite"
    keras = models / "mobilenetv2_torchvision.h5"

    def convert(source):
        return [ferry, "convert", str(source), "-o", str(output / "ferry.safetensors"), "--quiet"]

    def mnn(framework, source):
        return [str(bin_folder / "mnnconvert"), "-f", framework, "--modelFile", str(source), "--MNNModel",
                str(output / "peer.mnn"), "--bizCode", "ferry"]

    # Keras 3 does not load what Keras 2 wrote; tf_keras is Keras 2.
    load = "import sys, tf_keras; tf_keras.models.load_model(sys.argv[1], compile=False)"
    show = load + ".summary()"
    tf2onnx = [python, "-m", "tf2onnx.convert", "--tflite", str(tflite), "--output", str(output / "peer.onnx")]
    return {
        "onnx": Task("convert .onnx", onnx, convert(onnx), {
            "mnnconvert": (mnn("ONNX", onnx), 0.1),
            "ovc": ([str(bin_folder / "ovc"), str(onnx), "--output_model", str(output / "peer.xml")], None),
        }),
        "tflite": Task("convert .tflite", tflite, convert(tflite), {
            "mnnconvert": (mnn("TFLITE", tflite), 0.1), "tf2onnx": (tf2onnx, 0.02),
        }),
        "keras": Task("convert .h5", keras, convert(keras), {"Keras load": ([python, "-c", load, str(keras)], 0.01)}),
        "summary": Task("summary .h5", keras, [ferry, "summary", str(keras)], {
            "Keras load and summary": ([python, "-c", show, str(keras)], 0.02),
        }),
        "start": Task("--version", None, [ferry, "--version"], {
            "print-only Swift program": ([str(bin_folder.parent / "print-only")], 2.5),
        }),
    }


def measure(task, rounds, environment, outputs):
    """Rows of the table: seconds, the ratio to Ferry in the same round, peak memory."""
    commands = {"ferry": task.command} | {name: command for name, (command, _) in task.peers.items()}
    for command in commands.values():
        measured(command, environment, outputs)  # caches warm for everybody
    figures = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            figures[name].append(measured(command, environment, outputs))
    rows = []
    for name in commands:
        target = task.peers[name][1] if name in task.peers else None
        rows.append({
            "task": task.label, "tool": name, "file_mib": task.mebibytes, "target": target,
            "seconds": statistics.median(second for second, _ in figures[name]),
            "ferry_ratio": statistics.median(a / b for (a, _), (b, _) in zip(figures["ferry"], figures[name])),
            "peak_mib": max(peak for _, peak in figures[name]),
        })
    return rows


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--models", type=pathlib.Path, default=ROOT.parent / "shared/models/imagenet")
    parser.add_argument("--ferry", default=str(ROOT / ".build-static/release/ferry"))
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", action="append", help="onnx, tflite, keras, summary or start; may be repeated")
    parser.add_argument("--json", type=pathlib.Path)
    options = parser.parse_args()
    if not options.models.is_dir():
        sys.exit(f"no models at {options.models}")
    environment = dict(os.environ, TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1", KERAS_BACKEND="tensorflow")
    rows = []
    with tempfile.TemporaryDirectory(dir=ROOT / ".build") as folder:
        outputs = pathlib.Path(folder)
        for name, task in tasks(options.models, outputs, sys.executable, options.ferry).items():
            if options.only and name not in options.only:
                continue
            # A start takes milliseconds: more rounds.
            rows += measure(task, options.rounds * (10 if name == "start" else 1), environment, outputs)
    print("| task | tool | median seconds | Ferry / tool | aimed at | peak memory MiB | file MiB |")
    print("|---|---|--:|--:|--:|--:|--:|")
    for row in rows:
        ratio = "" if row["tool"] == "ferry" else f"{row['ferry_ratio']:.4f}"
        target = "" if row["target"] is None else f"≤ {row['target']}"
        print(f"| {row['task']} | {row['tool']} | {row['seconds']:.4f} | {ratio} | {target} | {row['peak_mib']:.0f} "
              f"| {row['file_mib']:.1f} |")
    if options.json:
        options.json.write_text(json.dumps(rows, indent=2) + "\n")


main()
