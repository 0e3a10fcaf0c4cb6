"""Evaluates detections with ./autoloss evaluate and faster-coco-eval in turns; prints times, their ratio and the greatest difference."""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time

NAMES = ["AP", "AP50", "AP75", "APs", "APm", "APl", "AR1", "AR10", "AR100", "ARs", "ARm", "ARl"]


def evaluate(truth, found):
    """One process of the peer's: prints its numbers and the seconds after its modules are loaded."""
    from faster_coco_eval import COCO, COCOeval_faster

    start = time.perf_counter()
    ground_truth = COCO(truth)
    evaluation = COCOeval_faster(ground_truth, ground_truth.loadRes(found), "bbox", print_function=lambda *_: None)
    evaluation.evaluate()
    evaluation.accumulate()
    evaluation.summarize()
    numbers = dict(zip(NAMES, (float(number) for number in evaluation.stats[:12])))
    print("\n" + json.dumps(numbers | {"seconds": time.perf_counter() - start}))


def timed(command):
    start = time.perf_counter()
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return time.perf_counter() - start, json.loads(done.stdout.strip().splitlines()[-1])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--evaluate", action="store_true")
    parser.add_argument("truth")
    parser.add_argument("found")
    options = parser.parse_args()
    if options.evaluate:
        evaluate(options.truth, options.found)
        return
    ours = ["./autoloss", "evaluate", "--json", "--annotations", options.truth, "--detections", options.found]
    peer = [sys.executable, __file__, "--evaluate", options.truth, options.found]
    rows, difference = [], 0
    print("round  ours whole  peer whole  ratio   ours inner  peer inner  ratio  (seconds)   load")
    for number in range(1, options.rounds + 1):
        first, mine = timed(ours)
        second, theirs = timed(peer)
        difference = max(difference, max(abs(mine[name] - theirs[name]) for name in NAMES))
        row = (first, second, second / first, mine["seconds"], theirs["seconds"], theirs["seconds"] / mine["seconds"])
        rows.append(row)
        print(f"{number:5}  " + "  ".join(f"{value:10.2f}" for value in row) + f"   {os.getloadavg()[0]:.1f}", flush=True)
    columns = list(zip(*rows))
    print("median " + "  ".join(f"{statistics.median(column):10.2f}" for column in columns))
    print("least  " + "  ".join(f"{min(column):10.2f}" for column in columns))
    print("most   " + "  ".join(f"{max(column):10.2f}" for column in columns))
    print(f"greatest difference of the twelve numbers: {difference:.1e}")


if __name__ == "__main__":
    main()
