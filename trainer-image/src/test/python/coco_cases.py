"""Draws small COCO sets and evaluates them with pycocotools: the source of resources/coco/cases.json.

pip install pycocotools; python coco_cases.py > ../resources/coco/cases.json
"""
import contextlib
import json
import os
import random
import sys

from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval


def draw(rng):
    images = [{"id": i * 3 + 1, "file_name": f"{i}.png", "width": 400, "height": 300} for i in range(rng.randint(1, 5))]
    categories = [{"id": c, "name": f"c{c}"} for c in rng.sample(range(1, 20), rng.randint(1, 3))]
    truth, found = [], []
    for image in images:
        for _ in range(rng.choice([0, 1, 3, 8])):
            side = rng.choice([12, 32, 60, 96, 150])
            w, h = side, side if rng.random() < .3 else rng.randint(8, 160)
            x, y = rng.randint(0, 240), rng.randint(0, 140)
            category = rng.choice(categories)["id"]
            area = w * h if rng.random() < .6 else round(w * h * rng.uniform(.3, 1), 2)
            crowd = int(rng.random() < .15)
            truth.append({"id": len(truth) + 1, "image_id": image["id"], "category_id": category, "bbox": [x, y, w, h], "area": area, "iscrowd": crowd})
            for _ in range(rng.choice([0, 1, 1, 2, 30 if rng.random() < .1 else 3])):
                d = [x + rng.randint(-6, 6), y + rng.randint(-6, 6), max(0, w + rng.randint(-8, 8)), max(0, h + rng.randint(-8, 8))]
                label = category if rng.random() < .85 else rng.choice(categories)["id"]
                # Few different scores, so that ties are common.
                found.append({"image_id": image["id"], "category_id": label, "bbox": d, "score": rng.randint(1, 9) / 10})
        for _ in range(rng.choice([0, 2, 120 if rng.random() < .15 else 4])):
            found.append({"image_id": image["id"], "category_id": rng.choice(categories)["id"], "bbox": [rng.randint(0, 300), rng.randint(0, 200), rng.randint(1, 100), rng.randint(1, 100)], "score": rng.randint(0, 10) / 10})
    rng.shuffle(found)
    return {"images": images, "categories": categories, "annotations": truth}, found


def evaluate(truth, found):
    with open(os.devnull, "w") as null, contextlib.redirect_stdout(null):
        gt = COCO()
        gt.dataset = json.loads(json.dumps(truth))
        gt.createIndex()
        result = COCOeval(gt, gt.loadRes(json.loads(json.dumps(found))), "bbox")
        result.evaluate()
        result.accumulate()
        result.summarize()
    return list(map(float, result.stats))


def main():
    rng = random.Random(7)
    cases = []
    while len(cases) < 30:
        truth, found = draw(rng)
        if found:
            cases.append({"groundTruth": truth, "detections": found, "expected": evaluate(truth, found)})
    json.dump(cases, sys.stdout, separators=(",", ":"))


main()
